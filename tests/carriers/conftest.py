from collections.abc import Iterator

import pytest

from orders.carriers.known import parcelway
from tests.carriers.support import KEY, SECRET, Outside


@pytest.fixture
def outside(settings, monkeypatch) -> Iterator[Outside]:
    settings.PARCELWAY_API_BASE, settings.PARCELWAY_KEY = "http://testserver", KEY
    settings.PARCELWAY_SECRET = SECRET
    made = Outside()
    monkeypatch.setattr(parcelway, "client_make", made.client)
    yield made
    made.parcels.rows.close()
