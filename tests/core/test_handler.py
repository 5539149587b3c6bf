"""An address is looked for once; whose page it is hangs on the language, and what is none stays none."""

import gc
import weakref
from types import SimpleNamespace

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory
from django.urls import Resolver404, get_resolver, path, reverse, set_urlconf
from django.utils.translation import override

from shop.core.handler import ShopHandler, ShopRequest, _resolved, request_moved

pytestmark = pytest.mark.req("S5.02")


@pytest.fixture
def handler():
    _resolved.cache_clear()
    yield ShopHandler.__new__(ShopHandler)  # its middlewares have no part in this
    set_urlconf(None)


def asked(address: str) -> WSGIRequest:
    return RequestFactory().get(address)


def test_it_finds_what_django_finds_and_looks_once(handler):
    for address in ("/checkout/", "/basket/add/12/", "/dashboard/orders/", "/"):
        first, again = asked(address), asked(address)
        match = handler.resolve_request(first)
        usual = get_resolver().resolve(address)
        assert (match.func, match.args, match.kwargs) == (usual.func, usual.args, usual.kwargs)
        assert match.view_name == usual.view_name
        assert handler.resolve_request(again) is match
        assert first.resolver_match is again.resolver_match is match


def test_an_address_of_another_language_is_none(handler):
    with override("zh-hans"):
        assert handler.resolve_request(asked("/zh-hans/checkout/")).view_name == "checkout:index"
    with override("en"), pytest.raises(Resolver404):
        handler.resolve_request(asked("/zh-hans/checkout/"))


def test_what_is_no_page_is_looked_for_each_time(handler):
    for _ in range(2):
        with pytest.raises(Resolver404):
            handler.resolve_request(asked("/no/such/page/at/all/"))
    assert _resolved.cache_info().currsize == 0


def test_a_request_with_patterns_of_its_own_is_left_to_django(handler):
    request = asked("/only/here/")
    request.urlconf = (path("only/here/", handler.resolve_request),)
    assert handler.resolve_request(request).func == handler.resolve_request
    assert _resolved.cache_info().currsize == 0


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_request_that_is_moved_counts_as_one_for_that_page(handler, language):
    request = RequestFactory().get("/payments/return/x/?token=EC-1&PayerID=2")
    with override(language):
        request_moved(request, "checkout:thank-you", "A-1")
        there = reverse("checkout:thank-you", args=["A-1"])
        usual = get_resolver().resolve(there)

    assert request.get_full_path() == request.path_info == there
    assert dict(request.GET) == {}
    match = request.resolver_match
    assert (match.func, match.args, match.kwargs) == (usual.func, usual.args, usual.kwargs)
    assert (match.view_name, match.route) == (usual.view_name, usual.route)
    assert language == request.LANGUAGE_CODE


def test_what_knows_its_request_goes_with_it_and_waits_for_no_collector():
    """Baskets, prices and the visitor do: circular garbage, if the request held them longer than its answer."""
    request = ShopRequest(RequestFactory()._base_environ())
    request.basket = SimpleNamespace(request=request)
    gone = weakref.ref(request)
    gc.disable()
    try:
        request.close()
        assert repr(request)
        del request
        assert gone() is None
    finally:
        gc.enable()


def test_it_is_the_request_of_every_page():
    assert ShopHandler.request_class is ShopRequest
