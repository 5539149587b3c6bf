"""Every answer carries the policy that django-csp would give it."""

import pytest
from csp.constants import HEADER
from csp.decorators import csp_exempt, csp_replace, csp_update
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from shop.core import policy
from shop.core.policy import PolicyMiddleware


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x")


def with_nonce(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.csp_nonce}")


VIEWS = [
    plain,
    csp_update({"img-src": ["https://pictures.example"]})(plain),
    csp_replace({"frame-ancestors": ["'self'"]})(plain),
    csp_exempt()(plain),
]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("debug", [False, True])
def test_the_policy_is_that_of_the_package(view, debug, settings):
    settings.DEBUG = debug
    middleware, theirs = PolicyMiddleware(view), CSPMiddleware(view)
    for _ in range(2):
        ours = middleware(RequestFactory().get("/"))
        assert ours.headers.get(HEADER) == theirs(RequestFactory().get("/")).headers.get(HEADER)


def test_a_nonce_stands_in_it_and_is_another_each_time():
    middleware = PolicyMiddleware(with_nonce)
    assert "nonce" not in PolicyMiddleware(plain)(RequestFactory().get("/"))[HEADER]
    answers = [middleware(RequestFactory().get("/")) for _ in range(2)]
    nonces = [answer.content.decode() for answer in answers]
    assert nonces[0] != nonces[1]
    for answer, nonce in zip(answers, nonces, strict=True):
        assert f"'nonce-{nonce}'" in answer[HEADER]


def test_an_answer_that_brings_its_own_keeps_it_and_settings_count_at_once(settings):
    def own(request: HttpRequest) -> HttpResponse:
        return HttpResponse("x", headers={HEADER: "default-src 'none'"})

    assert PolicyMiddleware(own)(RequestFactory().get("/"))[HEADER] == "default-src 'none'"
    middleware = PolicyMiddleware(plain)
    before = middleware(RequestFactory().get("/"))[HEADER]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["'none'"]}}
    assert middleware(RequestFactory().get("/"))[HEADER] == "default-src 'none'" != before


def test_the_usual_one_is_put_together_once(monkeypatch):
    made: list[int] = []
    build = policy.build_policy
    monkeypatch.setattr(policy, "build_policy", lambda: made.append(1) or build())
    middleware = PolicyMiddleware(plain)
    for _ in range(3):
        middleware(RequestFactory().get("/"))
    assert len(made) == 1


def test_the_nonce_is_not_to_be_had_after_the_header_is_written():
    from csp.exceptions import CSPNonceError

    request = RequestFactory().get("/")
    PolicyMiddleware(plain)(request)
    with pytest.raises(CSPNonceError):
        str(request.csp_nonce)
