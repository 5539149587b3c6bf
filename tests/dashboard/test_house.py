"""Team, customers, mails and outbox."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import User
from crm.accounts.roles import FINANCE, OPERATIONS_MANAGER
from crm.accounts.services import team_member_set
from shop.core.models import Mail, OutboxDelivery, OutboxEvent
from tests.factories import UserFactory
from tests.sales import order_of

pytestmark = pytest.mark.django_db


def groups(user: User) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


@pytest.mark.req("S5.04")
def test_an_owner_gives_and_takes_roles(office) -> None:
    owner, person = office(), UserFactory()

    owner.post(reverse("dashboard:team-add"), {"email": person.email.upper(), "roles": [FINANCE]})
    person.refresh_from_db()
    assert person.is_staff
    assert groups(person) == {FINANCE}

    owner.post(reverse("dashboard:team-member", kwargs={"pk": person.pk}), {"roles": [FINANCE]})
    person.refresh_from_db()
    assert not person.is_staff
    assert groups(person) == set()


def test_nobody_but_an_owner_makes_staff_and_nobody_touches_an_owner(member) -> None:
    owner, other, manager = member(), member(), member(OPERATIONS_MANAGER)

    for actor, target in ((manager, UserFactory()), (manager, manager), (owner, other)):
        with pytest.raises(PermissionDenied):
            team_member_set(actor=actor, member=target, roles=[FINANCE])
    for target in (owner, other):
        target.refresh_from_db()
        assert target.is_staff


def test_an_unknown_role_is_refused_and_changes_nothing(office) -> None:
    person = UserFactory()

    answer = office().post(
        reverse("dashboard:team-add"), {"email": person.email, "roles": ["Emperor"]}
    )

    person.refresh_from_db()
    assert answer.status_code == 422
    assert not person.is_staff


def test_an_owner_cannot_be_opened_as_a_colleague(office, member) -> None:
    address = reverse("dashboard:team-member", kwargs={"pk": member().pk})

    assert office().get(address).status_code == 404


def test_no_address_sets_somebody_elses_password(office) -> None:
    person = UserFactory()

    answer = office().get(f"{reverse('dashboard:users-index')}{person.pk}/password-reset/")

    assert answer.status_code == 404


def test_an_agent_reads_customers_but_not_colleagues(office, member) -> None:
    agent, shopper, colleague = office("Customer-service agent"), UserFactory(), member()

    def card(user: User) -> int:
        return agent.get(reverse("dashboard:user-detail", kwargs={"pk": user.pk})).status_code

    order_of(user=shopper)
    listed = agent.get(reverse("dashboard:users-index"), {"q": "mei"}).context["rows"]
    assert card(shopper) == 200
    assert card(colleague) == 404
    assert [person for person, _sums in listed] == [shopper]


def test_a_shopper_hears_at_the_door_what_a_wrong_password_hears() -> None:
    shopper, door = UserFactory(), reverse("dashboard:login")

    right = Client().post(door, {"username": shopper.email, "password": "a-long-password"})
    wrong = Client().post(door, {"username": shopper.email, "password": "something-else"})

    assert right.status_code == wrong.status_code == 200
    assert right.context["form"].errors == wrong.context["form"].errors


def test_guessing_passwords_at_the_door_is_slowed_down(member) -> None:
    user, door = member(FINANCE), reverse("dashboard:login")
    for _ in range(8):
        Client().post(door, {"username": user.email, "password": "guess"})

    answer = Client().post(door, {"username": user.email, "password": "a-long-password"})

    assert answer.status_code == 200
    assert "Too many tries" in answer.content.decode()


def test_the_door_leads_to_pages_of_this_shop_only(member) -> None:
    user = member(FINANCE)
    form = {"username": user.email, "password": "a-long-password", "next": "https://x.example/"}

    answer = Client().post(reverse("dashboard:login"), form)

    assert answer["Location"] == reverse("dashboard:index")


def test_a_mails_html_can_do_nothing(office) -> None:
    mail = Mail.objects.create(
        key="k",
        kind="test",
        to="a@example.com",
        language="en",
        subject="<script>1</script>",
        html="<script>alert(1)</script>",
        text="Hello",
    )
    client = office("Customer-service agent")

    page = client.get(reverse("dashboard:mail-detail", kwargs={"pk": mail.pk}))
    inner = client.get(reverse("dashboard:mail-html", kwargs={"pk": mail.pk}))

    assert "<script>1</script>" not in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    policy = inner["Content-Security-Policy"]
    assert policy.startswith("sandbox;")
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert inner["X-Frame-Options"] == "SAMEORIGIN"


def test_a_parked_mail_is_queued_again_and_a_sent_one_is_not(office) -> None:
    now = timezone.now()
    shared = {"kind": "x", "to": "a@example.com", "language": "en", "subject": "S"}
    parked = Mail.objects.create(key="1", parked_at=now, attempts=10, **shared)
    sent = Mail.objects.create(key="2", sent_at=now, **shared)
    agent = office("Customer-service agent")

    for mail in (parked, sent):
        agent.post(reverse("dashboard:mail-retry", kwargs={"pk": mail.pk}))

    parked.refresh_from_db()
    sent.refresh_from_db()
    assert (parked.parked_at, parked.attempts) == (None, 0)
    assert sent.sent_at == now


def test_a_parked_follow_up_gets_another_round(office) -> None:
    event = OutboxEvent.objects.create(name="Nothing", payload={"order": "K7F3"})
    parked = OutboxDelivery.objects.create(
        event=event, handler="gone.away", parked_at=timezone.now(), attempts=8, last_error="Boom"
    )
    manager = office("Operations manager")
    assert "Boom" in manager.get(reverse("dashboard:outbox-list")).content.decode()

    manager.post(reverse("dashboard:outbox-retry", kwargs={"pk": parked.pk}))

    parked.refresh_from_db()
    assert parked.parked_at is None
    assert parked.attempts == 1  # tried at once, and it failed again
