"""Names, language, password and e-mail of a member."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.signing import BadSignature
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from crm.customer import mails, services, throttle
from crm.customer.forms import ChangeEmailForm, ChangePasswordForm, NewPasswordForm, ProfileForm
from crm.members.services import birthday_of, birthday_set
from crm.signin.services import links_end, session_follow, sessions_end


class ProfileView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {
            "language": request.user.language or get_language(),
            "birthday": birthday_of(request.user),
        }
        return self._show(ProfileForm(instance=request.user, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ProfileForm(request.POST, instance=request.user)
        if not form.is_valid():
            return self._show(form, status=422)
        form.save()
        birthday_set(user=request.user, birthday=form.cleaned_data["birthday"])
        messages.success(request, _("Saved."))
        return redirect("customer:profile-view")

    def _show(self, form: ProfileForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "here": "profile"}
        return render(self.request, "oscar/customer/profile.html", context, status=status)


class SecretView(LoginRequiredMixin, View):
    """A change that asks for the present password; wrong ones count as failed sign-ins."""

    form_class = ChangePasswordForm
    template_name = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(self.form(user=request.user))

    def form(self, *args, user) -> Form:
        return self.form_class(*args, user=user)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST, user=request.user)
        if throttle.sign_in_must_wait(request, request.user.email):
            form.full_clean()
            form.errors.clear()
            form.add_error(None, _("Too many tries. Please wait a quarter of an hour."))
            return self._show(form, status=429)
        if not form.is_valid():
            if "old_password" in form.errors:
                throttle.sign_in_failed(request, request.user.email)
            return self._show(form, status=422)
        self.apply(form)
        return redirect("customer:security")

    def _show(self, form, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "here": "security"}
        return render(self.request, self.template_name, context, status=status)


class PasswordView(SecretView):
    template_name = "oscar/customer/password.html"

    def form(self, *args, user) -> Form:
        """Who has none yet, because they came by links, need not know it."""
        form_class = ChangePasswordForm if user.has_usable_password() else NewPasswordForm
        return form_class(*args, user=user)

    def apply(self, form: NewPasswordForm) -> None:
        user, session = self.request.user, self.request.session
        user.set_password(form.cleaned_data["password"])
        user.save(update_fields=["password"])
        before = session.session_key
        update_session_auth_hash(self.request, user)
        session_follow(before=before, now=session.session_key)
        sessions_end(user=user, but=session.session_key)
        links_end(user=user)
        mails.password_changed_queue(user)
        messages.success(self.request, _("Your password is changed."))


class EmailView(SecretView):
    form_class = ChangeEmailForm
    template_name = "oscar/customer/email.html"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated and not request.user.has_usable_password():
            messages.info(request, _("Choose a password first; a new e-mail asks for it."))
            return redirect("customer:change-password")
        return super().dispatch(request, *args, **kwargs)

    def apply(self, form: ChangeEmailForm) -> None:
        email = form.cleaned_data["email"]
        if throttle.link_may_be_sent(self.request, email):
            mails.email_change_queue(user=self.request.user, email=email)
        messages.info(self.request, _("We sent a link to the new address. Open it to finish."))


class EmailFinishView(LoginRequiredMixin, View):
    """Behind the link of the mail, for the member who asked."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            self.change = services.email_change_of(kwargs["token"])
        except (BadSignature, TypeError):
            return self._over()
        if request.user.is_authenticated and request.user.pk != self.change.user_id:
            return self._over()
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        context = {"email": self.change.email, "here": "profile"}
        return render(request, "oscar/customer/email_finish.html", context)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            services.email_change(change=self.change)
        except services.EmailTaken:
            return self._over()
        messages.success(request, _("Your e-mail is changed."))
        return redirect("customer:profile-view")

    def _over(self) -> HttpResponse:
        return render(self.request, "oscar/customer/link_over.html", status=410)
