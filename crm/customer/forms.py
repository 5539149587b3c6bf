"""Forms of the account."""

import datetime as dt

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.members.models import FIRST_BIRTHDAY
from orders.checkout.forms import plain

PASSWORD_HELP = _("Nine characters or more. Three words are easy to remember.")


def _password(label, autocomplete: str, **kwargs) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=128, widget=widget, **kwargs)


class SignInForm(forms.Form):
    username = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = _password(_("Password"), "current-password")
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class NewPasswordForm(forms.Form):
    """One field: what is typed can be shown by the browser, so it need not be typed twice."""

    password = _password(_("New password"), "new-password", help_text=PASSWORD_HELP)

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if password or self.fields["password"].required:
            password_validation.validate_password(password, self.user)
        return password


class RegisterFinishForm(NewPasswordForm):
    """One button makes the account; all fields may stay as they are."""

    password = _password(
        _("Password, if you want one"),
        "new-password",
        required=False,
        help_text=_(
            "Nine characters or more. Without one we send you a link whenever you want to sign in."
        ),
    )
    first_name = forms.CharField(
        label=_("First name"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    field_order = ("first_name", "last_name", "password")


class OwnPasswordMixin(forms.Form):
    """Asks for the present password again before something that matters."""

    old_password = _password(_("Your present password"), "current-password")

    def clean_old_password(self) -> str:
        password = self.cleaned_data["old_password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password


class ChangePasswordForm(OwnPasswordMixin, NewPasswordForm):
    field_order = ("old_password", "password")


class ChangeEmailForm(OwnPasswordMixin):
    email = forms.EmailField(
        label=_("New e-mail"),
        max_length=254,
        help_text=_("We send a link there; the change counts when you open it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ("email", "old_password")

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user


class ProfileForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language of our mails"), choices=settings.LANGUAGES, required=True
    )

    birthday = forms.DateField(
        label=_("Birthday"),
        required=False,
        help_text=_("Optional. We never show it to other people."),
        widget=forms.DateInput(
            format="%Y-%m-%d",
            attrs={"type": "date", "autocomplete": "bday", "min": FIRST_BIRTHDAY.isoformat()},
        ),
    )

    class Meta:
        model = User
        fields = ("first_name", "last_name", "language")
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name", "maxlength": 60}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name", "maxlength": 60}),
        }

    def clean_first_name(self) -> str:
        return plain(self.cleaned_data["first_name"])[:60]

    def clean_last_name(self) -> str:
        return plain(self.cleaned_data["last_name"])[:60]

    def clean_birthday(self) -> dt.date | None:
        birthday = self.cleaned_data["birthday"]
        if birthday and not FIRST_BIRTHDAY <= birthday <= timezone.localdate():
            raise forms.ValidationError(_("Nobody was born on that day yet, or so long ago."))
        return birthday
