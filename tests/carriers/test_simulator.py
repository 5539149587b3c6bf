"""The page of the local carriers, on which a developer lets things happen to parcels."""

import re
import time
from pathlib import Path
from unittest import mock

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from payments.localprovider.config import Config
from payments.localprovider.parcels.api import DUE, NEVER, Parcels
from payments.localprovider.parcels.pages import page_routes
from payments.localprovider.parcels.scripts import SCRIPTS, wished

pytestmark = pytest.mark.req("S3.51")
DAY = 10_000


@pytest.fixture
def parcels():
    made = Parcels(file=":memory:", key="sk_test_x", secret="whsec_x", shop="http://shop", day=DAY)
    yield made
    made.rows.close()


@pytest.fixture
def page(parcels):
    config = Config(data=Path("x"), secret_key="sk_test_x", webhook_secret="whsec_x")
    app = Starlette(routes=page_routes(parcels, config))
    return TestClient(app, base_url="http://127.0.0.1:4242", client=("127.0.0.1", 50000))


def labelled(parcels, order="ORD-1", *, days: float | None = None) -> str:
    """A parcel as usual, handed over ``days`` ago."""
    wanted = {"carrier": "parcelway", "key": order, "service": "standard", "order_number": order}
    number = parcels.label({**wanted, "script": "usual"})["number"]
    if days is not None:
        handed(parcels, number, days)
    return number


def handed(parcels, number: str, days: float) -> None:
    moment = time.time() - days * DAY
    parcels.rows.execute("UPDATE parcels SET handed = ? WHERE number = ?", (moment, number))


def codes(parcels, number: str) -> list[str]:
    return [event.code for event in parcels.happened(number)]


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ("next", ["accepted", "transit", "out"]),
        ("deliver", ["accepted", "transit", "out", "delivered"]),
        ("late", ["accepted", "transit", "delayed"]),
        ("lose", ["accepted", "transit", "lost"]),
        ("damage", ["accepted", "transit", "damaged"]),
        ("send_back", ["accepted", "transit", "out", "missed", "returned"]),
    ],
)
def test_a_button_lets_it_happen_now_and_leaves_what_was_told(parcels, page, wish, told):
    number = labelled(parcels, days=0.5)
    before = parcels.happened(number)

    answer = page.post("/parcels/", data={"number": number, "wish": wish})

    assert f"hears of {number}" in answer.text
    assert codes(parcels, number) == told
    assert parcels.happened(number)[:2] == before
    assert parcels.due()[0][1].code == "accepted"  # the shop is told of all, in order


def test_what_was_late_still_comes_and_nothing_follows_an_end(parcels, page):
    number = labelled(parcels, days=0.85)
    page.post("/parcels/", data={"number": number, "wish": "late"})
    assert codes(parcels, number)[-2:] == ["out", "delayed"]

    page.post("/parcels/", data={"number": number, "wish": "deliver"})
    answer = page.post("/parcels/", data={"number": number, "wish": "lose"})

    assert codes(parcels, number) == ["accepted", "transit", "out", "delayed", "delivered"]
    assert "Nothing was changed" in answer.text


def test_a_fate_is_chosen_before_the_hand_over_and_takes_its_days():
    kept = Parcels(file=":memory:", key="k", secret="s", shop="", day=DAY)
    number = labelled(kept)

    assert kept.wish(number, "lose")
    assert not kept.wish(number, "next")
    handed(kept, number, 1)

    assert codes(kept, number) == ["accepted", "transit"]
    handed(kept, number, 5)
    assert codes(kept, number)[-1] == "lost"
    kept.rows.close()


def test_what_follows_a_wish_keeps_its_distance():
    steps = wished(SCRIPTS["usual"], 0.5, "late")

    assert [days for days, _code, _place in steps] == pytest.approx([0.0, 0.4, 0.5, 4.5, 4.7])


def test_it_lists_and_finds_parcels_page_by_page_in_both_languages(parcels, page):
    numbers = [labelled(parcels, f"ORD-{place}", days=0.1) for place in range(30)]

    first, second = page.get("/parcels/").text, page.get("/parcels/?page=2").text
    found = page.get("/parcels/?q=ORD-17").text

    listed = [re.findall(r'name="number" value="(\w+)"', text) for text in (first, second)]
    assert [len(rows) for rows in listed] == [25, 5]
    assert set(listed[0] + listed[1]) == set(numbers)
    assert re.findall(r'name="number" value="(\w+)"', found) == [numbers[17]]
    assert "没有包裹" in page.get("/parcels/?q=%25&lang=zh").text  # a sign, not a joker
    assert page.get("/parcels/?page=x&q=%00").status_code == 200


def test_it_answers_this_machine_only_and_forms_of_its_own(parcels, page):
    number = labelled(parcels, days=0.5)
    wish = {"number": number, "wish": "lose"}

    assert (
        page.post("/parcels/", data=wish, headers={"Origin": "http://evil.example"}).status_code
        == 403
    )
    assert page.post("/parcels/", data=wish, headers={"Host": "evil.example"}).status_code == 403
    outside = TestClient(page.app, base_url="http://127.0.0.1:4242", client=("192.0.2.7", 5))
    assert outside.get("/parcels/").status_code == 403

    assert codes(parcels, number) == ["accepted", "transit"]
    own = {"Origin": "http://127.0.0.1:4242"}
    assert page.post("/parcels/", data=wish, headers=own).status_code == 200
    assert codes(parcels, number)[-1] == "lost"


def test_a_file_from_before_is_read(tmp_path):
    old = Parcels(file=tmp_path / "p", key="k", secret="s", shop="", day=DAY)
    old.rows.execute("ALTER TABLE parcels DROP COLUMN steps")
    number = labelled(old, days=0.5)
    old.rows.close()

    again = Parcels(file=tmp_path / "p", key="k", secret="s", shop="", day=DAY)

    assert codes(again, number) == ["accepted", "transit"]
    again.rows.close()


def test_parcels_that_have_nothing_new_are_not_read_again(parcels):
    arrived, begun = labelled(parcels, "ORD-1", days=2), labelled(parcels, "ORD-2", days=0.2)
    for _ in range(4):
        parcels.told(arrived, is_taken=True)
    parcels.told(begun, is_taken=True)

    assert parcels.due() == []
    assert parcels.rows.execute(DUE, (time.time(),)).fetchall() == []
    assert parcels.find(arrived)["due"] == NEVER
    transit = parcels.find(begun)
    assert transit["due"] == pytest.approx(transit["handed"] + 0.4 * DAY)
    ((_, happens),) = _due_at(parcels, transit["due"])
    assert happens.code == "transit"
    assert parcels.wish(begun, "next")
    assert [event.code for _, event in parcels.due()] == ["transit"]
    plan = parcels.rows.execute(f"EXPLAIN QUERY PLAN {DUE}", (0,)).fetchall()
    assert [step["detail"] for step in plan] == ["SEARCH parcels USING INDEX parcel_due (due<?)"]


def _due_at(parcels, moment: float):
    """What is due when it is ``moment``."""
    with mock.patch("time.time", return_value=moment + 1):
        return parcels.due()
