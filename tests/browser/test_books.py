"""Finance's day: a provider's settlement, a transfer that is short, the tax of the month, and the day that is closed."""

import csv
import datetime as dt
from collections import defaultdict
from decimal import Decimal
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.clerk import sign_in
from tests.browser.conftest import Window
from tests.browser.drafting import order_place, order_take

pytestmark = pytest.mark.req("S5.04", "S7.03")
AGENT, FINANCE = "service@storekeep.example", "finance@storekeep.example"
FEE, SHORT = Decimal("0.30"), Decimal("0.40")
HEAD = "payout,paid_on,type,reference,order,currency,gross,fee,net\n"


def test_wrong_rows_of_a_settlement_are_explained_and_right_ones_held_against_the_books(
    window, shop, tmp_path
):
    finance = window()
    finance.watch.allow(422)
    page = finance.page
    sign_in(page, shop, FINANCE)
    page.goto("/dashboard/books/settlements/")
    (same, its), (other, theirs) = unsettled(page)

    wrong = f"{HEAD}po-1,tomorrow,payment,c1,,EUR,9,0,9\npo-1,2026-05-04,gift,c2,,EUR,9,0,9\n"
    page.locator("[name=table]").fill(wrong)
    page.get_by_role("button", name="Bring in").click()
    for row in ("Row 2: ", "Row 3: "):
        expect(page.locator("#id_table_error")).to_contain_text(row)
    expect(page.locator("[name=table]")).to_have_value(wrong)
    finance.look()

    page.locator("[name=table]").fill("")
    file = tmp_path / "payout.csv"
    row = f"po-desk,{today()},payment,{{}},,EUR,{{}},0.30,{{}}\n".format
    file.write_text(
        HEAD + row(same, its, its - FEE) + row(other, theirs + 1, theirs + 1 - FEE), "utf-8"
    )
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="Bring in").click()
    page.wait_for_url("**/settlements/*/")
    differs = page.locator(".panel", has_text="Differences").locator("tbody tr")
    expect(differs).to_have_count(1)
    expect(differs).to_contain_text(other)
    expect(differs).to_contain_text(f"€{theirs + 1}")
    expect(differs).to_contain_text(f"€{theirs}")
    finance.look()
    page.get_by_role("link", name="Settlements").first.click()
    expect(page.locator("tbody tr", has_text="po-desk")).to_contain_text("1 difference")
    finance.look()


def unsettled(page: Page) -> list[tuple[str, Decimal]]:
    """Two payments by card that no payout has: the provider's number, and what was booked."""
    found = []
    for row in page.locator("details.office-fold").first.locator("tbody tr").all():
        booked = (row.locator("td").nth(2).text_content() or "").strip()
        if booked.startswith("€") and len(found) < 2:
            found.append(
                ((row.locator("th").text_content() or "").strip(), Decimal(booked.lstrip("€")))
            )
    return found


def today() -> str:
    return timezone.localdate().isoformat()


def test_a_transfer_that_is_short_is_assigned_and_let_go(window, shop):
    agent, finance = window(), window()
    finance.watch.allow(422)
    sign_in(agent.page, shop, AGENT)
    sign_in(finance.page, shop, FINANCE)
    order_take(agent, email="transfer@example.com", words="mug")
    number = order_place(agent)
    total = Decimal(agent.page.locator("tfoot b").inner_text().lstrip("€"))
    page = finance.page
    page.goto("/dashboard/bank/")
    page.get_by_role("link", name="Take in a statement").click()
    line = f"{today()},{total - SHORT},EUR,{number},A. König,short-{number}"
    statement_take(finance, f"{line}\n{today()},much,EUR,,,\n")
    expect(page.locator("#id_table_error")).to_contain_text("Row 3")
    finance.look()
    statement_take(finance, f"{line}\n")
    expect(page.locator("main")).to_contain_text("New lines: 1")
    row = page.locator("tbody tr", has_text=number)
    finance.look()
    row.get_by_role("button", name=number).click()
    expect(row).to_have_count(0)
    page.goto("/dashboard/bank/?view=done")
    finance.look()
    row.locator("a", has_text=number).click()
    expect(page.locator("main")).to_contain_text("Still missing")
    finance.look()
    page.locator("details.disclosure summary").click()
    page.locator("[name=reason]").fill("Forty cents of a bank's fee.")
    page.get_by_role("button", name="Write off").click()
    expect(page.locator("main")).not_to_contain_text("Still missing")
    finance.look()
    shop.told()
    agent.page.reload()
    expect(agent.page.locator(".page-head .chip").first).to_have_text("Paid")
    agent.look()


def statement_take(finance: Window, rows: str) -> None:
    page = finance.page
    page.locator("[name=table]").fill(f"date,amount,currency,reference,payer,id\n{rows}")
    page.get_by_role("button", name="Take it in").click()


def test_the_month_adds_up_leaves_as_files_and_is_closed(window, shop):
    finance = window()
    page = finance.page
    sign_in(page, shop, FINANCE)
    page.goto("/dashboard/books/")
    expect(page.locator(".facts .chip").first).to_have_text("Adds up")
    finance.look()
    page.locator("tbody th a").first.click()
    finance.look()
    page.goto("/dashboard/books/")
    assert sums(rows_of(page, "Balance as CSV"), "balance") == set()
    journal = rows_of(page, "This month's journal as CSV")
    assert len(journal) > 1
    assert sums(journal, "debit") == sums(journal, "credit")
    assert sheet_of(page).count("<row") > 1
    page.goto("/dashboard/papers/tax/")
    since = timezone.localdate() - dt.timedelta(days=90)
    page.locator("[name=since]").fill(since.isoformat())
    page.locator(".filters button").click()
    expect(page.locator(".chip").first).to_have_text("To the cent")
    finance.look()
    places = {row["place"] for row in rows_of(page, "CSV")}
    assert "DE" in places
    assert not any(place.startswith("CN-") for place in places)  # one tax for all provinces
    page.goto("/dashboard/books/days/")
    finance.look()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("main")).to_contain_text("Closed up to")
    finance.look()


def rows_of(page: Page, name: str) -> list[dict[str, str]]:
    """Of the CSV behind a link."""
    with page.expect_download() as file:
        page.get_by_role("link", name=name, exact=True).click()
    return list(csv.DictReader(StringIO(file.value.path().read_text("utf-8-sig"))))


def sums(rows: list[dict[str, str]], column: str) -> set[tuple[str, Decimal]]:
    """By currency, those that are not zero."""
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        totals[row["currency"]] += Decimal(row[column])
    return {(currency, total) for currency, total in totals.items() if total}


def sheet_of(page: Page) -> str:
    """The first sheet of the XLSX behind a link."""
    with page.expect_download() as file:
        page.get_by_role("link", name="XLSX").first.click()
    with ZipFile(BytesIO(file.value.path().read_bytes())) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()
