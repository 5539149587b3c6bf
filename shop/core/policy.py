"""The content security policy of a page, which is nearly always the same words."""

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# What a view says of its own policy, as django-csp's decorators write it on the answer.
OWN = frozenset(
    f"_csp_{name}{mode}"
    for name in ("config", "update", "replace", "exempt")
    for mode in ("", "_ro")
)


class PolicyMiddleware(CSPMiddleware):
    """Puts the policy of the settings together once; with a nonce or words of a view's own each time."""

    _usual: tuple[object, str] = (None, "")  # the settings that it was made of

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        policy = getattr(settings, "CONTENT_SECURITY_POLICY", None)
        is_usual = (
            policy
            and policy.keys() == {"DIRECTIVES"}
            and not getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)
            and getattr(request, "_csp_nonce", None) is None
            and OWN.isdisjoint(vars(response))
            and not settings.DEBUG
        )
        if not is_usual:
            return super().process_response(request, response)
        if self._usual[0] is not policy:
            self._usual = (policy, build_policy())
        response.headers.setdefault(HEADER, self._usual[1])
        request.csp_nonce = CheckableLazyObject(  # type: ignore[attr-defined]
            self._csp_nonce_post_response
        )
        return response
