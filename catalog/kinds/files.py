"""Which files can be sold: known by what is in them, not by what they are called."""

import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from catalog.kinds.exceptions import KindRefused

MOST_BYTES = 100 * 1024 * 1024
HEAD_BYTES = 4096

#: By ending: the type we say it is, and how such files begin (empty: text in UTF-8).
TYPES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".epub": ("application/epub+zip", (b"PK\x03\x04",)),
    ".zip": ("application/zip", (b"PK\x03\x04",)),
    ".mp3": ("audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    ".wav": ("audio/wav", (b"RIFF",)),
    ".flac": ("audio/flac", (b"fLaC",)),
    ".ogg": ("audio/ogg", (b"OggS",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".txt": ("text/plain", ()),
}


@dataclass(frozen=True)
class CheckedFile:
    content: File
    name: str
    content_type: str
    size: int


def file_checked(upload: UploadedFile) -> CheckedFile:
    """The file with a random name to store and a safe one to show. Raises ``KindRefused``."""
    size = upload.size or 0
    if not size:
        raise KindRefused(_("This file is empty."))
    if size > MOST_BYTES:
        raise KindRefused(_("A file has at most 100 MB."))
    name = name_safe(upload.name or "")
    ending = PurePath(name).suffix.lower()
    if ending not in TYPES:
        known = ", ".join(sorted(TYPES))
        raise KindRefused(
            _("Files of this type are not sold here. Known: %(known)s") % {"known": known}
        )
    content_type, beginnings = TYPES[ending]
    upload.seek(0)
    head = upload.read(HEAD_BYTES)
    upload.seek(0)
    if not (head.startswith(beginnings) if beginnings else _is_text(head)):
        raise KindRefused(_("What is in this file is not what its name says."))
    return CheckedFile(File(upload, f"{secrets.token_hex(16)}{ending}"), name, content_type, size)


def name_safe(name: str) -> str:
    """The last part of a path, without what could turn it round or break a header."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(one for one in last if unicodedata.category(one)[0] != "C").strip(" .")
    path = PurePath(kept or "file")
    return f"{path.stem[:100]}{path.suffix[:10]}"


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4  # a letter cut in two at the end
    return True
