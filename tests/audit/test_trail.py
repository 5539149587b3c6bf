"""What is noted, by whom, and that nobody can change it unseen."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Max
from django.urls import reverse

from catalog.partner.models import StockRecord
from crm.accounts.models import User
from crm.accounts.services import team_member_set
from shop.core.audit import invariants
from shop.core.audit.acting import acting, address_short, quietly
from shop.core.audit.installing import install
from shop.core.audit.models import Action, Anchor, Entry, Seal, Waiting
from shop.core.audit.services import anchor_make, entries_seal
from shop.core.audit.watching import watched
from shop.dashboard.audit.reading import rows_of
from shop.dashboard.audit.words import TABLES, column_words
from tests.factories import ProductFactory, UserFactory
from tests.sales import order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.13")]


@pytest.fixture
def owner() -> User:
    return UserFactory(is_staff=True, is_superuser=True)


def notes(**narrow) -> list[Entry]:
    return list(Entry.objects.filter(**narrow).order_by("pk"))


def last_note() -> int:
    return Entry.objects.aggregate(last=Max("pk"))["last"] or 0


def test_a_price_is_noted_even_when_it_is_changed_past_the_models() -> None:
    record = ProductFactory().stockrecords.get()
    before = record.price
    last = last_note()

    StockRecord.objects.filter(pk=record.pk).update(price=Decimal("1.23"))
    StockRecord.objects.filter(pk=record.pk).update(num_allocated=0)

    [note] = notes(pk__gt=last)
    assert (note.label, note.object_key, note.action) == (
        "partner.stockrecord",
        str(record.pk),
        Action.CHANGE,
    )
    assert note.subject == f"catalogue.product:{record.product_id}"
    assert (note.old, note.new) == ({"price": float(before)}, {"price": 1.23})
    assert (note.actor, note.origin) == (None, "database")


def test_an_amount_is_told_with_its_cents(owner) -> None:
    record = ProductFactory(price="10.00").stockrecords.get()
    last = last_note()
    StockRecord.objects.filter(pk=record.pk).update(price=Decimal("202.50"))

    [row] = rows_of(notes(pk__gt=last), user=owner)

    assert [(one.old, one.new) for one in row.changes] == [("10.00", "202.50")]


def test_what_staff_write_at_the_office_is_noted_with_who_and_from_where(client, owner) -> None:
    order = order_of()
    client.force_login(owner)
    last = last_note()

    client.post(
        reverse("dashboard:order-note", kwargs={"number": order.number}),
        {"message": "Rang the bell twice", "key": str(uuid4())},
        REMOTE_ADDR="203.0.113.77",
    )

    [note] = notes(pk__gt=last, label="order.ordernote")
    assert (note.actor, note.place, note.address) == (owner.pk, "order-note", "203.0.113.0")
    assert note.subject == f"order.order:{order.pk}"
    assert note.new["message"] == "Rang the bell twice"


def test_a_shopper_s_order_leaves_no_notes() -> None:
    product = ProductFactory()
    last = last_note()

    order_of(product)

    assert notes(pk__gt=last) == []


def test_roles_and_passwords_are_noted_without_the_secret(owner) -> None:
    member = UserFactory(is_staff=True)
    last = last_note()

    with acting(user_id=owner.pk, place="team-member", address="2001:db8:1:2::3"):
        team_member_set(actor=owner, member=member, roles=["Analyst"])
    member.set_password("a new secret 1")
    member.save()

    given, password = notes(pk__gt=last)
    assert (given.label, given.action, given.actor) == ("accounts.user_groups", "add", owner.pk)
    assert given.subject == f"accounts.user:{member.pk}"
    assert given.address == "2001:db8:1::"
    assert (password.old, password.new) == ({"password": "*"}, {"password": "*"})


def test_rows_can_neither_be_changed_nor_removed(owner) -> None:
    entries_seal()
    anchor_make()

    for model, values in (
        (Entry, {"reason": "x"}),
        (Seal, {"digest": b"x"}),
        (Anchor, {"number": 7}),
    ):
        assert model.objects.exists()
        with pytest.raises(DatabaseError, match="audit_append_only"), transaction.atomic():
            model.objects.update(**values)
        with pytest.raises(DatabaseError, match="audit_append_only"), transaction.atomic():
            model.objects.all().delete()


def drift(statement: str) -> None:
    """As somebody with all rights in the database would."""
    with connection.cursor() as cursor:
        for table in ("audit_entry", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_keeps_rows")
        cursor.execute(statement)


@pytest.fixture
def sealed() -> list[int]:
    """Five entries in the chain, which is whole; their keys."""
    for _number in range(5):
        UserFactory(is_staff=True)
    entries_seal()
    anchor_make()
    assert list(invariants.chain_is_whole()) == list(invariants.anchors_hold()) == []
    assert not Waiting.objects.exists()
    return list(Seal.objects.order_by("-number").values_list("entry_key", flat=True)[:5])[::-1]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit_entry SET actor = 1 WHERE id = {2}", "audit entry {2} (link {n2}) is not"),
        ("DELETE FROM audit_entry WHERE id = {2}", "audit entry {2} (link {n2}) is gone"),
        (
            "DELETE FROM audit_entry WHERE id = {2}; DELETE FROM audit_seal WHERE entry_key = {2}",
            "link {n2} of the audit chain is missing, before entry {3}",
        ),
        (
            "UPDATE audit_seal SET entry_key = CASE entry_key WHEN {1} THEN -1 ELSE {1} END"
            " WHERE entry_key IN ({1}, {2});"
            " UPDATE audit_seal SET entry_key = {2} WHERE entry_key = -1",
            "audit entry {2} (link {n1}) is not",
        ),
    ],
    ids=["changed", "removed", "removed with its link", "reordered"],
)
def test_a_change_with_all_rights_is_found_and_named(sealed, statement, found) -> None:
    numbers = dict(Seal.objects.values_list("entry_key", "number"))
    words = {f"n{place}": numbers[key] for place, key in enumerate(sealed)}

    drift(statement.format(*sealed))

    assert any(
        row.startswith(found.format(*sealed, **words)) for row in invariants.chain_is_whole()
    )
    assert any("switched off" in row for row in invariants.triggers_are_on())


def test_a_chain_that_was_cut_short_does_not_reach_its_anchor(sealed) -> None:
    drift(f"DELETE FROM audit_seal WHERE entry_key = {sealed[4]}")

    assert list(invariants.chain_is_whole()) == []
    assert any("ends before its anchor" in row for row in invariants.anchors_hold())


def test_a_table_that_is_no_longer_watched_is_found(owner) -> None:
    assert list(invariants.triggers_are_on()) == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE partner_stockrecord DISABLE TRIGGER USER")
        cursor.execute(
            "DO $$ DECLARE one record; BEGIN FOR one IN SELECT tgname FROM pg_trigger WHERE tgname"
            " LIKE 'audit_on_%' AND tgrelid = 'auth_group'::regclass LOOP EXECUTE format('DROP"
            " TRIGGER %I ON auth_group', one.tgname); END LOOP; END $$"
        )

    rows = list(invariants.triggers_are_on())

    assert any(row.startswith("partner_stockrecord is not watched") for row in rows)
    assert any(row.startswith("auth_group is not watched") for row in rows)
    install()
    assert not any(row.startswith("auth_group") for row in invariants.triggers_are_on())


def test_a_loader_may_leave_out_its_rows_until_its_end() -> None:
    last = last_note()

    with quietly("a test"):
        UserFactory(is_staff=True)
    assert notes(pk__gt=last) == []

    person = UserFactory(is_staff=True)
    assert [note.object_key for note in notes(pk__gt=last)] == [str(person.pk)]


def test_addresses_are_shortened_to_their_network() -> None:
    assert address_short("198.51.100.200") == "198.51.100.0"
    assert address_short("2001:db8:aaaa:bbbb::1") == "2001:db8:aaaa::"
    assert address_short("no address") == ""


def test_everything_that_is_noted_of_a_named_table_has_a_name_people_know() -> None:
    columns = {
        column
        for one in watched()
        if one.label in TABLES
        for column in one.columns
        if column != "id"
    }

    assert [one for one in sorted(columns) if not column_words(one)] == []
    assert column_words("title_zh_hans") == "Title, Chinese"
    assert column_words("no_such_column") == ""
