"""Installed on a phone, the shop says in the reader's language that there is no network."""

import os

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import FLAGS, PHONE
from tests.browser.live_shop import LiveShop

pytestmark = pytest.mark.req("S1.10")


@pytest.fixture
def phone(chromium: Browser, shop: LiveShop, tmp_path):
    """A page of a browser with a profile: windows that leave nothing behind install nothing."""
    context = chromium.browser_type.launch_persistent_context(
        tmp_path / "profile",
        executable_path=os.environ["CHROMIUM"],
        args=FLAGS,
        base_url=shop.url,
        viewport=PHONE,
        is_mobile=True,
        has_touch=True,
    )
    yield context.pages[0]
    context.close()


def ready(page: Page) -> None:
    """The worker has kept its pages and looks after this one."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def test_without_a_network_it_says_so_and_then_goes_on(phone: Page):
    phone.goto("/")
    ready(phone)
    phone.context.set_offline(True)

    phone.goto("/catalogue/?page=2")
    expect(phone.locator("h1")).to_have_text("There is no connection")
    assert phone.evaluate("document.styleSheets.length") == 1
    phone.goto("/zh-hans/basket/")
    expect(phone.locator("h1")).to_have_text("没有网络连接")
    assert phone.locator("html").get_attribute("lang") == "zh-Hans"

    phone.context.set_offline(False)
    phone.get_by_role("link", name="重试").click()
    expect(phone.locator("h1")).to_have_text("购物车")


def test_no_page_of_the_shop_is_kept(phone: Page):
    phone.goto("/")
    ready(phone)
    for path in ("/accounts/login/", "/catalogue/", "/basket/"):
        phone.goto(path)

    kept = phone.evaluate(
        """async () => {
            const found = [];
            for (const name of await caches.keys())
                for (const request of await (await caches.open(name)).keys())
                    found.push(new URL(request.url).pathname);
            return found;
        }"""
    )

    pages = [path for path in kept if not path.startswith("/static/")]
    assert sorted(pages) == ["/offline/", "/zh-hans/offline/"]
    assert len(kept) == 4


def test_the_browser_would_install_it(phone: Page):
    phone.goto("/zh-hans/")
    ready(phone)
    session = phone.context.new_cdp_session(phone)

    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
