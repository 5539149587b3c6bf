"""Pictures beside returns and complaints: written before the transaction, so that no row is locked
meanwhile, and thrown away where it fails."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.files.base import ContentFile

from orders.returns.models import PHOTOS_AT_MOST, private_storage


@contextmanager
def photos_kept(folder: str, photos: Sequence[ContentFile]) -> Iterator[list[str]]:
    """Their names in the private storage."""
    storage = private_storage()
    names = [storage.save(f"{folder}/{one.name}", one) for one in photos[:PHOTOS_AT_MOST]]
    try:
        yield names
    except BaseException:
        photos_forget(names)
        raise


def photos_forget(names: Sequence[str]) -> None:
    for name in names:
        private_storage().delete(name)
