"""Signatures and encryption as the wallets do them: RSA with SHA-256, AES-256-GCM."""

import base64
import binascii
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key


@lru_cache(maxsize=16)
def _private(key: str) -> RSAPrivateKey:
    loaded = load_der_private_key(base64.b64decode(key), password=None)
    assert isinstance(loaded, RSAPrivateKey)
    return loaded


@lru_cache(maxsize=16)
def _public(key: str) -> RSAPublicKey:
    loaded = load_der_public_key(base64.b64decode(key))
    assert isinstance(loaded, RSAPublicKey)
    return loaded


def sign(text: str, key: str) -> str:
    """Base64 of the RSA signature (PKCS #1 v1.5, SHA-256) of ``text``."""
    return base64.b64encode(_private(key).sign(text.encode(), PKCS1v15(), SHA256())).decode()


def is_signed(text: str, signature: str, public_key: str) -> bool:
    try:
        raw = base64.b64decode(signature, validate=True)
        _public(public_key).verify(raw, text.encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def encrypt(text: str, *, key: str, nonce: str, about: str) -> str:
    """Base64 of AES-256-GCM; ``about`` is authenticated with it."""
    sealed = AESGCM(key.encode()).encrypt(nonce.encode(), text.encode(), about.encode())
    return base64.b64encode(sealed).decode()
