"""What a picker, a packer and whoever stands at the ramp do, found by what the pages are made of."""

from collections.abc import Callable, Iterable

from playwright.sync_api import Page, expect

Look = Callable[[], None]


def order_box(page: Page, code: str, *, grams: int = 1200, look: Look = lambda: None) -> str:
    """At the packing table: the tote, its things one by one, the weight. The order's number."""
    scan(page, "[name=code]", code)
    expect(page.locator("[name=code]#item_code")).to_be_visible()
    number = page.locator("h1").inner_text()
    for row in range(page.locator("tbody tr").count()):
        line = page.locator("tbody tr").nth(row)
        done, units = (int(one) for one in line.locator("td").first.inner_text().split("/"))
        sku = line.locator(".orders__when").inner_text()
        for unit in range(done + 1, units + 1):
            scan(page, "#item_code", sku)
            expect(line.locator("td").first).to_have_text(f"{unit} / {units}")
    look()
    page.locator("[name=weight_g]").fill(str(grams))
    page.get_by_role("button", name="Close the parcel").click()
    page.wait_for_url("**/packing/")
    return number


def wave_walk(page: Page, *, look: Look = lambda: None) -> list[str]:
    """Bin by bin until all is picked; the bins in the order of the walk."""
    bins = page.locator(".floor-stop__bin b")
    walked: list[str] = []
    while bins.count():
        walked.append(bins.inner_text())
        if len(walked) == 1:
            look()
        left = page.locator(".floor-walk li").count()
        sku = page.locator(".floor-stop p.muted").first.inner_text().split(" ")[0]
        scan(page, "#pick_code", sku)
        expect(page.locator(".floor-walk li")).to_have_count(max(left - 1, 0))
        if not left:
            break
    expect(page.locator(".empty__title")).to_have_text("All picked")
    return walked


def parcels_load(page: Page, codes: Iterable[str], *, look: Look = lambda: None) -> int:
    """Onto the open hand-over list, which the driver then takes. How many went."""
    gone = 0
    for gone, code in enumerate(codes, 1):
        scan(page, "#id_code", code)
        expect(page.locator("tbody tr")).to_have_count(gone)
    look()
    page.get_by_role("button", name="The driver takes").click()
    expect(page.locator(".page-head .chip")).to_have_text("Handed over")
    return gone


def scan(page: Page, field: str, code: str) -> None:
    """As a scanner does that is a keyboard: the code, then Enter."""
    page.locator(field).fill(code)
    page.keyboard.press("Enter")
