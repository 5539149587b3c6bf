"""Each role's first page, and the list of risks."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import User
from crm.accounts.roles import CLERK, MARKETER, OPERATIONS_MANAGER, ROLES
from orders.life.models import OrderMessage
from shop.core.audit.models import Action, Entry, RiskRun, RiskState, Seal
from shop.core.models import Mail
from shop.dashboard.audit.risks import RISKS, risks_run
from shop.dashboard.audit.tasks import risks_check
from shop.dashboard.boards import BOARDS, FIGURES, figure_compare
from shop.dashboard.today import Span
from tests.factories import UserFactory
from tests.sales import order_of
from tests.test_permissions import client_of

pytestmark = pytest.mark.django_db


@pytest.mark.req("S6.01")
def test_each_role_has_figures_of_its_own_that_open_their_rows() -> None:
    assert BOARDS.keys() == ROLES.keys()

    for role, codes in BOARDS.items():
        client = client_of(role)
        board = client.get(reverse("dashboard:index")).context["board"]
        assert [str(tile["name"]) for tile in board] == [str(FIGURES[code].name) for code in codes]
        for tile in board:
            assert client.get(tile["href"]).status_code == 200, (role, tile["href"])


@pytest.mark.req("S6.01")
def test_a_figure_counts_the_span_and_the_same_hours_a_week_before() -> None:
    order, now = order_of(), timezone.now()
    for number, days in enumerate((0, 0, 7, 3)):
        message = OrderMessage.objects.create(
            order=order, is_ours=False, text="?", key=f"00000000-0000-0000-0000-00000000000{number}"
        )
        moment = now - dt.timedelta(days=days, minutes=1)
        OrderMessage.objects.filter(pk=message.pk).update(written_at=moment)

    assert figure_compare(FIGURES["asked"], Span(days=1, now=now)) == (2, 1)
    assert figure_compare(FIGURES["discount"], Span(days=7, now=now)) == (0, 0)
    assert figure_compare(FIGURES["units"], Span(days=7, now=now)) == (0, 0)


@pytest.mark.req("S6.01")
def test_what_a_role_may_not_do_is_not_on_its_list() -> None:
    order_of()

    marketer = client_of(MARKETER).get(reverse("dashboard:index"))
    clerk = client_of(CLERK).get(reverse("dashboard:index"))

    assert {row["name"] for row in marketer.context["todos"]}.isdisjoint({"order-list"})
    assert "order-list" in {row["name"] for row in clerk.context["todos"]}


@pytest.mark.req("S5.13")
def test_the_list_of_risks_finds_what_is_planted_and_tells_the_owner() -> None:
    owner = UserFactory(is_staff=True, is_superuser=True)
    lent = UserFactory(is_staff=True)
    lent.user_permissions.add(*_rights("view_order"))
    for _number in range(20):
        Entry.objects.create(action=Action.SIGN_IN_FAILED, origin="office", place="login")

    assert risks_check() == User.objects.filter(is_superuser=True).count()
    assert risks_check() >= 1

    states = {one.code: one.state for one in RiskRun.objects.last().results.all()}
    assert states.keys() == {risk.code for risk in RISKS}
    assert states["books"] == states["owners"] == RiskState.GOOD
    assert states["rights"] == RiskState.BAD
    assert states["failed"] == states["reviewed"] == states["factor"] == RiskState.LOOK
    mail = Mail.objects.get(to=owner.email, kind="office_risks")
    assert bytes(Seal.objects.order_by("-number").first().digest).hex() in mail.text


@pytest.mark.req("S5.13")
def test_an_owner_reviews_the_roles_and_the_list_knows() -> None:
    owner, manager = client_of("owner"), client_of(OPERATIONS_MANAGER)

    owner.post(reverse("dashboard:roles-reviewed"))
    page = manager.post(reverse("dashboard:risk-run"), follow=True)

    answers = {row["risk"].code: row["answer"] for row in page.context["rows"]}
    assert answers["reviewed"].state == RiskState.GOOD
    assert Entry.objects.filter(action=Action.REVIEW, label="auth.group").count() == 1
    assert risks_run().by is None
    cache.clear()


def _rights(codename: str):
    return User.user_permissions.rel.model.objects.filter(codename=codename)
