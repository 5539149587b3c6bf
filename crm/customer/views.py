"""Signing in and out, making an account, forgotten passwords.

No answer tells whether an account exists: links go out by mail, and every try takes as long.
"""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.tokens import default_token_generator
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlsafe_base64_decode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_http_methods, require_safe

from crm.accounts.models import User
from crm.customer import services, throttle
from crm.customer.forms import EmailForm, NewPasswordForm, RegisterFinishForm, SignInForm
from crm.signin.services import links_end, sessions_end
from orders.pages import order_pages
from orders.selectors import guest_name, orders_of_member
from shop.core.redirects import next_path

BACKEND = "crm.customer.auth_backends.EmailBackend"
RECENT_ORDERS = 3
NEXT_LENGTH = 400  # of the path that a mail carries along; a longer one stays behind


class SignInView(View):
    """One page to sign in, and to ask for an account."""

    def get(self, request: HttpRequest) -> HttpResponse:
        there = next_path(request, request.GET.get("next", ""))
        if request.user.is_authenticated:
            return redirect(there or "customer:summary")
        return self._show(SignInForm(initial={"next": there}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SignInForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        email = form.cleaned_data["username"]
        if throttle.sign_in_must_wait(request, email):
            form.add_error(None, _("Too many tries. Please wait a quarter of an hour."))
            return self._show(form, status=429)
        user = authenticate(request, username=email, password=form.cleaned_data["password"])
        if user is None:
            throttle.sign_in_failed(request, email)
            form.add_error(None, _("E-mail and password do not belong together."))
            return self._show(form, status=422)
        throttle.sign_in_worked(email)
        login(request, user)
        return redirect(next_path(request, form.cleaned_data["next"]) or "customer:summary")

    def _show(self, form: SignInForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "register_form": EmailForm(prefix="register")}
        return render(self.request, "oscar/customer/sign_in.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Only a POST signs out; an old link leads to the account."""
    if request.method != "POST":
        return redirect("customer:summary")
    logout(request)
    response = redirect(settings.OSCAR_HOMEPAGE)
    for cookie in settings.OSCAR_COOKIES_DELETE_ON_LOGOUT:
        response.delete_cookie(cookie)
    return response


class LinkView(View):
    """Takes an e-mail and has a link sent; the answer is always the same page."""

    purpose = ""
    template_name = ""
    done = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self.purpose == "register":
            return redirect("customer:summary")
        return render(request, self.template_name, {"form": EmailForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = EmailForm(self.said(request))
        if not form.is_valid():
            return render(request, self.template_name, {"form": form}, status=422)
        email = form.cleaned_data["email"]
        if throttle.link_may_be_sent(request, email):
            language = get_language() or "en"
            there = next_path(request, request.POST.get("next", ""))
            services.account_link_ask(
                email=email,
                language=language,
                purpose=self.purpose,
                there=there if len(there) <= NEXT_LENGTH else "",
            )
        return redirect(self.done)

    def said(self, request: HttpRequest) -> dict[str, str]:
        """On the page of the sign-in the field has a prefix."""
        return {"email": request.POST.get("email") or request.POST.get("register-email", "")}


class RegisterView(LinkView):
    purpose = "register"
    template_name = "oscar/customer/register.html"
    done = "customer:register-sent"


class ResetView(LinkView):
    purpose = "reset"
    template_name = "oscar/registration/password_reset_form.html"
    done = "password-reset-done"


@require_safe
def link_sent(request: HttpRequest, purpose: str = "") -> HttpResponse:
    return render(request, "oscar/customer/link_sent.html", {"is_short": purpose == "signin"})


class RegisterFinishView(View):
    """Behind the link of the mail: names and a password make the account, and sign in."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            self.email = services.register_email(kwargs["token"])
        except BadSignature:
            return link_is_over(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        name = guest_name(self.email)
        return self._show(RegisterFinishForm(user=User(email=self.email), initial=name))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        form = RegisterFinishForm(request.POST, user=User(email=self.email))
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            user = services.account_create(
                email=self.email, language=get_language() or "en", **form.cleaned_data
            )
        except services.EmailTaken:
            return link_is_over(request)
        login(request, user, backend=BACKEND)
        messages.success(request, _("Welcome. Your account is ready."))
        return redirect("customer:summary")

    def _show(self, form: RegisterFinishForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "email": self.email}
        return render(self.request, "oscar/customer/register_finish.html", context, status=status)


class ResetConfirmView(View):
    """Behind the link of the mail: a new password. The link works once."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.user = _user_of(kwargs["uidb64"], kwargs["token"])
        if self.user is None:
            return link_is_over(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self._show(NewPasswordForm(user=self.user))

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        form = NewPasswordForm(request.POST, user=self.user)
        if not form.is_valid():
            return self._show(form, status=422)
        if request.user.pk == self.user.pk:
            logout(request)  # this browser too, but with a session that can keep the message
        self.user.set_password(form.cleaned_data["password"])
        self.user.save(update_fields=["password"])
        sessions_end(user=self.user)
        links_end(user=self.user)
        throttle.sign_in_worked(self.user.email)
        messages.success(request, _("Your password is changed. Please sign in with it."))
        return redirect("customer:login")

    def _show(self, form: NewPasswordForm, *, status: int = 200) -> HttpResponse:
        template = "oscar/registration/password_reset_confirm.html"
        return render(self.request, template, {"form": form}, status=status)


class SummaryView(LoginRequiredMixin, View):
    """The latest orders and the ways on."""

    def get(self, request: HttpRequest) -> HttpResponse:
        pages = order_pages(orders_of_member(request.user.pk)[:RECENT_ORDERS])
        return render(request, "oscar/customer/summary.html", {"pages": pages, "here": "summary"})


def link_is_over(request: HttpRequest) -> HttpResponse:
    return render(request, "oscar/customer/link_over.html", status=410)


def _user_of(uidb64: str, token: str) -> User | None:
    try:
        pk = int(urlsafe_base64_decode(uidb64).decode())
        user = User.objects.filter(pk=pk, is_active=True).first()
    except (ValueError, OverflowError):
        return None
    return user if user and default_token_generator.check_token(user, token) else None
