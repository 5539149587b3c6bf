"""A shopper sends something back: in the account, and as a guest behind the signed link."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from orders.links import order_token
from orders.returns.models import Return, ReturnPhoto
from orders.returns.services import return_approve
from tests.factories import ProductFactory, UserFactory
from tests.orders.returns.support import arrived

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.22")]


@pytest.fixture(autouse=True)
def _photos_of_their_own(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }


def photo(name: str = "dent.jpg") -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.new("RGB", (60, 40), "red").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


def form_of(client: Client, url: str) -> dict[str, str]:
    text = client.get(url).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', text)
    assert key
    return {"key": key[1]}


def test_a_member_asks_with_a_photo_sends_and_sees_each_step():
    member, other = UserFactory(), UserFactory()
    order = arrived({ProductFactory(stock=9): 2}, user=member)
    pk = order.lines.get().pk
    client, stranger = Client(), Client()
    client.force_login(member)
    stranger.force_login(other)
    order_page = client.get(reverse("customer:order", args=[order.number]))
    ask = reverse("customer:return-ask", args=[order.number])
    assert f'href="{ask}"' in order_page.content.decode()

    data = form_of(client, ask)
    assert client.post(ask, data).status_code == 422
    assert client.post(ask, {**data, f"units_{pk}": "2"}).status_code == 422
    crooked = {**data, f"units_{pk}": "7", f"reason_{pk}": "nope"}
    assert client.post(ask, crooked).status_code == 422
    data |= {
        "wish": "refund",
        f"units_{pk}": "1",
        f"reason_{pk}": "damaged",
        f"comment_{pk}": "A <b>dent</b>",
    }
    assert client.post(ask, {**data, "photos": [photo() for _ in range(6)]}).status_code == 422
    assert not Return.objects.exists()
    answer = client.post(ask, {**data, "photos": photo()})
    again = client.post(ask, {**data, "photos": photo()})

    back = Return.objects.get()
    page = reverse("customer:return", args=[order.number, back.number])
    assert (answer.status_code, answer["Location"], again["Location"]) == (302, page, page)
    shown = client.get(page)
    assert "A &lt;b&gt;dent&lt;/b&gt;" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    picture = f"{page}photos/{ReturnPhoto.objects.get().pk}/"
    assert client.get(picture)["Content-Type"] == "image/webp"
    assert client.get(f"{page}photos/{2**70}/").status_code == 404
    for path in (ask, page, picture, f"{page}slip/"):
        assert stranger.get(path).status_code == 404
        assert Client().get(path).status_code == 302

    assert client.get(f"{page}slip/").status_code == 302
    return_approve(back=back, user=None)
    assert client.get(f"{page}slip/")["Content-Type"] == "application/pdf"
    assert client.get(f"{page}cancel/").status_code == 405
    client.post(f"{page}send/", {"carrier": "DHL", "tracking_number": "JJD00"})
    client.post(f"{page}cancel/")
    back.refresh_from_db()
    assert (back.state, back.tracking_number) == ("on_way", "JJD00")
    assert (
        back.number in client.get(reverse("customer:order", args=[order.number])).content.decode()
    )
    assert page in client.get(reverse("customer:return-list")).content.decode()


def test_a_guest_asks_and_cancels_behind_the_link_of_the_order():
    order = arrived()
    pk = order.lines.get().pk
    token = order_token(order)
    client = Client()
    ask = reverse("orders:return-ask", args=[token])
    data = form_of(client, ask)

    answer = client.post(ask, {**data, f"units_{pk}": "1", f"reason_{pk}": "mind"}, follow=True)

    back = Return.objects.get()
    page = reverse("orders:return", args=[token, back.number])
    assert answer.redirect_chain == [(page, 302)]
    assert client.get(reverse("orders:return", args=[token, "R-XXXX"])).status_code == 404
    assert client.get(reverse("orders:return", args=["forged", back.number])).status_code == 404
    second = arrived()
    elsewhere = reverse("orders:return", args=[order_token(second), back.number])
    assert client.get(elsewhere).status_code == 404
    assert (
        "in a return already" in client.get(reverse("orders:order", args=[token])).content.decode()
    )
    client.post(f"{page}cancel/")
    client.post(f"{page}cancel/")
    back.refresh_from_db()
    assert back.state == "cancelled"
    assert ask in client.get(reverse("orders:order", args=[token])).content.decode()
