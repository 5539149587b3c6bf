"""One masked token for all forms of a page, and addresses that are looked up once."""

import pytest
from django import urls
from django.middleware.csrf import CsrfViewMiddleware, _does_token_match, get_token, rotate_token
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.urls import NoReverseMatch
from django.utils.translation import override

from shop.core.addresses import address_of, address_with, go
from shop.core.tokens import token_of


def test_a_page_has_one_token_and_another_page_has_another():
    request, other = RequestFactory().get("/"), RequestFactory().get("/")
    request.META["CSRF_COOKIE"] = other.META["CSRF_COOKIE"] = "a" * 32
    page = Template("{% csrf_token %}{% csrf_token %}").render(RequestContext(request))
    assert page.count(token_of(request)) == 2
    assert token_of(other) != token_of(request)
    for one in (request, other):
        assert _does_token_match(token_of(one), "a" * 32)
        assert one.META["CSRF_COOKIE_NEEDS_UPDATE"], "its time begins anew, as ever"


def test_a_visitor_without_a_secret_gets_one():
    request = RequestFactory().get("/")
    token = token_of(request)
    assert _does_token_match(token, request.META["CSRF_COOKIE"])
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]
    assert token_of(request) == token
    assert get_token(request) != token


def test_after_signing_in_the_token_is_of_the_new_secret():
    request = RequestFactory().get("/")
    before = token_of(request)
    rotate_token(request)
    after = token_of(request)
    assert not _does_token_match(before, request.META["CSRF_COOKIE"])
    assert _does_token_match(after, request.META["CSRF_COOKIE"])


def test_the_token_of_a_page_is_taken_by_the_middleware():
    request = RequestFactory().get("/")
    token = token_of(request)
    sent = RequestFactory().post("/", {"csrfmiddlewaretoken": token})
    sent.COOKIES["csrftoken"] = request.META["CSRF_COOKIE"]
    sent._dont_enforce_csrf_checks = False
    check = CsrfViewMiddleware(lambda request: None)
    check.process_request(sent)
    assert check.process_view(sent, lambda request: None, (), {}) is None


def test_addresses_are_those_of_the_language_and_of_the_project(settings):
    assert address_of("basket:summary") == "/basket/"
    with override("zh-hans"):
        assert address_of("basket:summary") == "/zh-hans/basket/"
        assert go("basket:summary")["Location"] == "/zh-hans/basket/"
    assert (go("checkout:preview").status_code, address_of("basket:summary")) == (302, "/basket/")
    settings.ROOT_URLCONF = __name__
    urls.clear_url_caches()
    with pytest.raises(NoReverseMatch):
        address_of("basket:summary")


urlpatterns: list = []


@pytest.mark.parametrize(
    "text", ["A1B2-C3D4", "a:b_c-d:E", "mit raum", "zwölf", "..", "a%2fb", "0"]
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_address_with_a_text_is_the_one_that_django_finds(text, language):
    with override(language):
        for name in ("checkout:thank-you", "orders:order"):
            assert address_with(name, text) == urls.reverse(name, args=[text])


def test_an_address_that_takes_no_such_text_is_refused():
    with pytest.raises(NoReverseMatch):
        address_with("checkout:thank-you", "a/b")
    with pytest.raises(NoReverseMatch):
        address_with("checkout:preview", "a")
