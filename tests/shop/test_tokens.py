"""A page kept at the edge is nobody's, and its forms work all the same."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from shop.tokens import FORM
from tests.factories import ProductFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.02", "S5.16")]

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture
def visitor(settings) -> Client:
    settings.EDGE_SECONDS = 1
    return Client(enforce_csrf_checks=True)


def test_a_script_gets_a_token_for_the_forms_of_its_page(visitor):
    product = ProductFactory(stock=3)

    token = visitor.get(reverse("form-token"))
    form = {"quantity": 1, "next": "/", "csrfmiddlewaretoken": token.content.decode()}
    answer = visitor.post(reverse("basket:add", args=[product.pk]), form)

    assert "no-store" in token["Cache-Control"]
    assert answer.status_code == 302


def test_without_scripts_it_takes_one_more_click(visitor):
    product = ProductFactory(stock=3)
    add = reverse("basket:add", args=[product.pk])
    form = {"quantity": "1", "next": '/"><script>', "csrfmiddlewaretoken": ""}

    refused = visitor.post(add, urlencode(form), content_type=FORM)
    page = refused.content.decode()
    token = TOKEN.search(page).group(1)
    answer = visitor.post(add, form | {"csrfmiddlewaretoken": token})

    assert refused.status_code == 403
    assert "One more click" in page
    assert f'action="{add}"' in page
    assert "<script>" not in page.split("<main")[1]
    assert answer.status_code == 302


@pytest.mark.parametrize("form", [{}, {"csrfmiddlewaretoken": "x" * 64}])
def test_a_form_without_a_token_of_ours_is_refused_as_ever(visitor, form):
    answer = visitor.post(reverse("theme"), {"theme": "dark"} | form)

    assert answer.status_code == 403
    assert "One more click" not in answer.content.decode()
    assert "theme" not in visitor.cookies
