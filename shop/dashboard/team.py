"""Team and roles: everybody with the right may read it, only an owner changes it."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from crm.accounts.models import User
from crm.accounts.roles import ROLES, role_names
from crm.accounts.services import team_member_set
from shop.core.office import may

#: What each role is for, shown beside its name.
PURPOSES = {
    "Operations manager": gettext_noop("Orders, stock, payments, mails: the whole day's work."),
    "Product manager": gettext_noop("The catalogue and what people say about it."),
    "Marketer": gettext_noop("Offers, vouchers and pages."),
    "Customer-service agent": gettext_noop("Answers customers: orders, mails, cancellations."),
    "Warehouse clerk": gettext_noop("Packs, ships, counts and receives."),
    "Analyst": gettext_noop("Reads everything, changes nothing."),
    "Finance": gettext_noop("Payments, refunds and their problems."),
}


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [
            (name, _("%(role)s: %(purpose)s") % {"role": _(name), "purpose": _(PURPOSES[name])})
            for name in ROLES
        ]


class AddForm(RolesForm):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy(
            "Of an account that exists; people make their own and choose their own password."
        ),
    )
    field_order = ("email", "roles")

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        self.member = User.objects.filter(email__iexact=email, is_active=True).first()
        if self.member is None:
            raise forms.ValidationError(_("There is no account with this e-mail."))
        if self.member.is_superuser:
            raise forms.ValidationError(_("This is an owner; owners may do everything already."))
        return email


class MemberForm(RolesForm):
    is_staff = forms.BooleanField(label=gettext_lazy("Works here"), required=False)
    field_order = ("is_staff", "roles")


def team_list(request: HttpRequest) -> HttpResponse:
    team = (
        User.objects.filter(is_staff=True)
        .prefetch_related("groups")
        .order_by("-is_superuser", "email")
    )
    rows = [
        {
            "person": person,
            "roles": [_(group.name) for group in person.groups.all()],
            "may_change": may(request.user, "team-member", "POST") and not person.is_superuser,
        }
        for person in team
    ]
    context = {
        "rows": rows,
        "purposes": [(_(name), _(text)) for name, text in PURPOSES.items()],
        "may_add": may(request.user, "team-add", "POST"),
    }
    return render(request, "oscar/dashboard/team/team_list.html", context)


def team_add(request: HttpRequest) -> HttpResponse:
    form = AddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        team_member_set(actor=request.user, member=form.member, roles=form.cleaned_data["roles"])
        messages.success(request, _("%(email)s works here now.") % {"email": form.member.email})
        return redirect("dashboard:team-list")
    context = {"form": form, "title": _("Add to the team")}
    status = 422 if form.errors else 200
    return render(request, "oscar/dashboard/team/team_form.html", context, status=status)


def team_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a colleague may do. Owners are not listed here: nobody acts on one."""
    member = get_object_or_404(User, pk=pk, is_staff=True, is_superuser=False)
    held = [group.name for group in member.groups.all() if group.name in ROLES]
    form = MemberForm(request.POST or None, initial={"roles": held, "is_staff": True})
    if request.method == "POST" and form.is_valid():
        team_member_set(actor=request.user, member=member, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("dashboard:team-list")
    title = member.get_full_name() or member.email
    context = {"form": form, "title": title, "member": member, "roles": role_names(member)}
    status = 422 if form.errors else 200
    return render(request, "oscar/dashboard/team/team_form.html", context, status=status)
