"""The made feeds in the private storage. A new one gets a new name; no reader meets half a file."""

from collections.abc import Iterator
from pathlib import Path

from django.core.files import File
from django.core.files.storage import storages

FOLDER = "feeds"
CHUNK = 64 * 1024  # bytes


def feed_store(path: Path, *, name: str) -> str:
    """Keep a finished file; the name under which it is kept."""
    with path.open("rb") as file:
        return storages["private"].save(f"{FOLDER}/{name}", File(file))


def feed_drop(name: str) -> None:
    storages["private"].delete(name)


def feed_is_there(name: str) -> bool:
    return storages["private"].exists(name)


def feed_chunks(name: str) -> Iterator[bytes]:
    """The file piece by piece; opened when the first one is asked for."""
    with storages["private"].open(name) as file:
        while data := file.read(CHUNK):
            yield data
