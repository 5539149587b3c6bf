from pathlib import Path

import pytest
from django.test import Client

from tests.factories import ProductFactory, UserFactory
from tests.opinions.support import address


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def product(db):
    return ProductFactory()


@pytest.fixture
def user(db):
    return UserFactory(first_name="Hannah", last_name="Kraus")


@pytest.fixture
def member(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def write_url(product) -> str:
    return address(product, "reviews-add")
