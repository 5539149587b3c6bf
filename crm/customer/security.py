"""Signing in by a link, and the page that says where one is signed in."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.cache import never_cache

from crm.customer.views import BACKEND, LinkView, link_is_over
from crm.signin import services
from crm.signin.selectors import devices_of
from shop.core.redirects import next_path


class SignInLinkView(LinkView):
    """Beside the password: a link by mail."""

    purpose = "signin"
    template_name = "oscar/customer/sign_in_link.html"
    done = "customer:signin-sent"

    def said(self, request: HttpRequest) -> dict[str, str]:
        """The button stands in the form of the password, where the field has another name."""
        return {"email": request.POST.get("email") or request.POST.get("username", "")}


@method_decorator(never_cache, name="dispatch")
class SignInByLinkView(View):
    """Behind the link. Opening it shows a button, because mail scanners open links too."""

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        link = services.link_found(secret)
        if link is None:
            return link_is_over(request)
        return render(request, "oscar/customer/sign_in_confirm.html", {"email": link.user.email})

    def post(self, request: HttpRequest, secret: str) -> HttpResponse:
        user = services.link_use(secret)
        if user is None:
            return link_is_over(request)
        login(request, user, backend=BACKEND)
        return redirect(next_path(request, request.GET.get("next", "")) or "customer:summary")


class SecurityView(LoginRequiredMixin, View):
    """Password, e-mail, and every browser in which the member is signed in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        devices = devices_of(request.user, session_key=request.session.session_key)
        context = {
            "devices": devices,
            "others": len(devices) - 1,
            "has_password": request.user.has_usable_password(),
            "here": "security",
        }
        return render(request, "oscar/customer/security.html", context)


class SessionEndView(LoginRequiredMixin, View):
    """Sign out one browser, or, without ``device``, all others."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        said = request.POST.get("device", "")
        if not said:
            number = services.sessions_end(user=request.user, but=request.session.session_key)
            text = ngettext(
                "%(number)d other browser is signed out.",
                "%(number)d other browsers are signed out.",
                number,
            )
            messages.success(request, text % {"number": number})
            return redirect("customer:security")
        is_id = said.isascii() and said.isdecimal() and len(said) <= 18
        if is_id and services.session_end(user=request.user, signed_in_id=int(said)):
            messages.success(request, _("Signed out there."))
        else:
            messages.info(request, _("That browser is not signed in any more."))
        return redirect("customer:security")
