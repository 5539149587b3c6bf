"""The keys on both sides of each wallet, made once and kept by whoever starts the provider.

RSA keys are base64 of DER in one line, as Alipay's own console hands them out.
"""

import base64
import secrets

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

Keys = dict[str, dict[str, str]]


def wallet_keys_make() -> Keys:
    """Fresh keys of all wallets; takes about a second."""
    app_key, app_public_key = _pair()
    alipay_key, alipay_public_key = _pair()
    merchant_key, merchant_public_key = _pair()
    wechat_key, wechat_public_key = _pair()
    paypal_key, paypal_public_key = _pair()
    return {
        "alipay": {
            "app_id": _digits(16, "2021"),
            "app_key": app_key,
            "app_public_key": app_public_key,
            "key": alipay_key,
            "public_key": alipay_public_key,
        },
        "wechat": {
            "mch_id": _digits(10, "19"),
            "app_id": f"wx{secrets.token_hex(8)}",
            "serial": secrets.token_hex(20).upper(),
            "merchant_key": merchant_key,
            "merchant_public_key": merchant_public_key,
            "key": wechat_key,
            "public_key": wechat_public_key,
            "key_id": f"PUB_KEY_ID_{_digits(28, '01')}",
            "api_v3_key": secrets.token_hex(16),
        },
        "paypal": {
            "client_id": f"A{secrets.token_urlsafe(48)}",
            "secret": f"E{secrets.token_urlsafe(48)}",
            "webhook_id": secrets.token_hex(9).upper()[:17],
            "key": paypal_key,
            "public_key": paypal_public_key,
        },
    }


def shop_settings(keys: Keys, base_url: str) -> dict[str, str]:
    """What a shop is told, by the names of its settings."""
    alipay, wechat, paypal = keys["alipay"], keys["wechat"], keys["paypal"]
    return {
        "ALIPAY_APP_ID": alipay["app_id"],
        "ALIPAY_APP_PRIVATE_KEY": alipay["app_key"],
        "ALIPAY_PUBLIC_KEY": alipay["public_key"],
        "ALIPAY_GATEWAY_URL": f"{base_url}/alipay/gateway.do",
        "WECHAT_MCH_ID": wechat["mch_id"],
        "WECHAT_APP_ID": wechat["app_id"],
        "WECHAT_CERT_SERIAL": wechat["serial"],
        "WECHAT_PRIVATE_KEY": wechat["merchant_key"],
        "WECHAT_API_V3_KEY": wechat["api_v3_key"],
        "WECHAT_PUBLIC_KEY": wechat["public_key"],
        "WECHAT_PUBLIC_KEY_ID": wechat["key_id"],
        "WECHAT_API_BASE": f"{base_url}/wechat",
        "PAYPAL_CLIENT_ID": paypal["client_id"],
        "PAYPAL_SECRET": paypal["secret"],
        "PAYPAL_WEBHOOK_ID": paypal["webhook_id"],
        "PAYPAL_API_BASE": f"{base_url}/paypal",
    }


def provider_side(keys: Keys) -> Keys:
    """What the provider is told: its own private keys, the shop's public ones."""
    shops_own = {"app_key", "merchant_key"}
    return {
        wallet: {name: text for name, text in one.items() if name not in shops_own}
        for wallet, one in keys.items()
    }


def _pair() -> tuple[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(private).decode(), base64.b64encode(public).decode()


def _digits(length: int, start: str) -> str:
    return start + "".join(secrets.choice("0123456789") for _ in range(length - len(start)))
