import pytest
from django.urls import reverse

from shop.dashboard import status
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return lambda: client.get(reverse("dashboard:status")).content.decode()


@pytest.mark.req("S5.01")
def test_every_layer_says_how_it_is(page, monkeypatch):
    monkeypatch.setattr(status, "_workers", lambda: 2)

    html = page()

    for layer in ("Machine", "System software", "Application", "Network and security"):
        assert layer in html
    assert "2 answer" in html
    assert "PostgreSQL" in html


def test_a_silent_worker_and_a_silent_cache_are_said(page, monkeypatch):
    monkeypatch.setattr(status.celery.control, "ping", lambda **kwargs: [])
    monkeypatch.setattr(status.cache, "get", lambda *args, **kwargs: None)

    html = page()

    assert "0 answer" in html
    assert "does not answer" in html


@pytest.mark.req("S3.51")
def test_a_demo_leads_to_the_simulated_carriers_and_a_real_shop_does_not(page, settings):
    settings.PARCELWAY_API_BASE = "http://127.0.0.1:8001/carriers"
    assert "http://127.0.0.1:8001/parcels/" in page()

    settings.IS_DEMO = settings.DEBUG = False
    assert "Simulated carriers" not in page()

    settings.IS_DEMO, settings.PARCELWAY_API_BASE = True, "https://api.parcelway.example"
    assert "Simulated carriers" not in page()
