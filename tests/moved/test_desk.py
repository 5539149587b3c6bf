"""Operators lead old addresses on: one by one, from the log, or as a table."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.facts.models import Brand
from catalog.moved.models import DeadPath, Redirect
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.08")]
LIST, ADD, IMPORT, DEAD = (
    f"dashboard:{name}"
    for name in ("redirect-list", "redirect-create", "redirect-import", "dead-list")
)


@pytest.fixture
def owner(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def added(owner, old: str, new: str):
    return owner.post(reverse(ADD), {"old": old, "new": new})


def test_a_redirect_is_written_and_works(owner, client):
    response = added(owner, "https://old.example/x", "/new/")
    assert response.status_code == 422

    assert (
        added(owner, "/zh-hans/Old page", "http://127.0.0.1:8000/new/?sort=price").status_code
        == 422
    )
    assert added(owner, "/old-page", "/zh-hans/new/?sort=price#top").status_code == 302

    row = Redirect.objects.get()
    assert (row.old_path, row.new_path) == ("/old-page/", "/new/?sort=price")
    assert client.get("/old-page")["Location"] == "/new/?sort=price"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/a/", "https://evil.example/"),
        ("/a/", "//evil.example/"),
        ("/a/", "/\\evil.example"),
        ("/a/", "javascript:alert(1)"),
        ("/a/", "/nowhere-at-all/"),
        ("/a/", "/dashboard/"),
        ("/a/", "/a/"),
        ("/a/", ""),
        ("", "/new/"),
        ("/", "/new/"),
        ("/dashboard/x/", "/new/"),
        ("/checkout/", "/new/"),
        ("/../x/", "/new/"),
        ("/" + "a" * 400, "/new/"),
        ("/🍵" * 200, "/new/"),
        ("http://[/", "/new/"),
    ],
)
def test_what_cannot_be_is_said_and_not_kept(owner, old, new):
    response = added(owner, old, new)

    assert response.status_code == 422
    assert not Redirect.objects.exists()


def test_no_circle_can_be_written(owner):
    Redirect.objects.create(old_path="/b/", new_path="/c/")
    Redirect.objects.create(old_path="/c/", new_path="/new/")

    assert added(owner, "/new/", "/b/").status_code == 422


def test_a_second_redirect_of_an_address_is_refused(owner):
    added(owner, "/a/", "/new/")

    response = added(owner, "/a/", "/brands/")

    assert response.status_code == 422
    assert Redirect.objects.get().new_path == "/new/"


def test_it_is_changed_and_taken_away(owner):
    brand = Brand.objects.create(name="Kiln", slug="kiln")
    brand.slug = "ofen"
    brand.save()
    row = Redirect.objects.get()
    url = reverse("dashboard:redirect-update", args=[row.pk])
    assert 'value="/brands/ofen/"' in owner.get(url).content.decode()

    assert owner.post(url, {"old": row.old_path, "new": "/new/"}).status_code == 302
    row.refresh_from_db()
    assert (row.new_path, row.kind, row.key) == ("/new/", "", None)

    owner.post(reverse("dashboard:redirect-delete", args=[row.pk]))
    assert owner.get("/brands/kiln/").status_code == 404


def test_a_row_of_the_log_becomes_a_redirect_with_one_form(owner):
    DeadPath.objects.create(path="/old & odd/", hits=3, referrer="blog.example")

    page = owner.get(reverse(DEAD)).content.decode()
    assert "blog.example" in page
    assert "?old=%2Fold%20%26%20odd%2F" in page
    form = owner.get(reverse(ADD), {"old": "/old-one/"}).content.decode()
    assert 'value="/old-one/"' in form

    DeadPath.objects.create(path="/old-one/", hits=1)
    added(owner, "/old-one/", "/new/")

    assert "/old-one/" not in owner.get(reverse(DEAD)).content.decode()


def test_a_table_is_checked_first_and_changes_nothing(owner):
    text = "old,new\n/a,/new/\n\n/b/,/brands/?sort=price\n"

    page = owner.post(reverse(IMPORT), {"table": text, "only_check": "on"})

    assert page.status_code == 200
    assert "2 rows would do" in page.content.decode()
    assert not Redirect.objects.exists()
    owner.post(reverse(IMPORT), {"table": text})
    assert set(Redirect.objects.values_list("old_path", "new_path")) == {
        ("/a/", "/new/"),
        ("/b/", "/brands/?sort=price"),
    }


def test_all_rows_or_none_and_every_error_names_its_row(owner):
    text = "\n".join(
        [
            "/a/;/new/",
            "/b/;https://evil.example/",
            "/c/",
            "/a/;/brands/",
            "/d/;/e/",
            "/e/;/d/",
            "/;/new/",
        ]
    )

    page = owner.post(reverse(IMPORT), {"table": text})

    said = page.content.decode()
    assert page.status_code == 422
    assert not Redirect.objects.exists()
    for number in (2, 3, 4, 5, 6, 7):
        assert f"Row {number}:" in said
    assert "Row 1:" not in said


def test_rows_may_lead_to_one_another_and_overrule_what_is_there(owner, client):
    Redirect.objects.create(old_path="/a/", new_path="/brands/")
    file = SimpleUploadedFile("r.csv", "\ufeff/a/\t/b/\n/b/\t/new/\n".encode())

    owner.post(reverse(IMPORT), {"file": file})

    assert client.get("/a/")["Location"] == "/new/"
    assert Redirect.objects.count() == 2


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b'"', b"a\x00b,c", b"x" * 2_100_000])
def test_what_is_no_table_is_said_to_be_none(owner, content):
    file = SimpleUploadedFile("r.csv", content)

    assert owner.post(reverse(IMPORT), {"file": file}).status_code == 422
    assert not Redirect.objects.exists()


def test_the_export_can_be_brought_in_again(owner):
    added(owner, "/a/", "/new/")
    exported = b"".join(owner.get(reverse("dashboard:redirect-export")).streaming_content)
    Redirect.objects.all().delete()

    owner.post(reverse(IMPORT), {"file": SimpleUploadedFile("r.csv", exported)})

    assert Redirect.objects.get().new_path == "/new/"


def test_long_lists_ask_no_more(owner, django_assert_num_queries):
    def count() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as seen:
            owner.get(reverse(LIST))
        return len(seen)

    made = [Brand.objects.create(name=f"B{n}", slug=f"b-{n}") for n in range(3)]
    for brand in made[:1]:
        brand.slug += "-x"
        brand.save()
    owner.get(reverse(LIST))
    few = count()
    for brand in made[1:]:
        brand.slug += "-x"
        brand.save()

    assert Redirect.objects.count() == 3
    assert count() == few
