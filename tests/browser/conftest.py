"""One shop and one browser for all tests here; a window of their own for each.

Both end with this package, not with the session: while Playwright runs, its event loop makes Django
refuse to touch the database in the tests that follow.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.eyes import SCHEMES, Rules, Watch, axe, fits
from tests.browser.live_shop import LiveShop, OpenShop

HERE = Path(__file__).parent
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
TIMEOUT_MS = 15_000
TEST_SECONDS = 480  # the first one waits for the shop, whose pictures may have to be composed


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(TEST_SECONDS))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if not os.environ.get("CHROMIUM"):
        assert os.environ.get("BROWSER_TESTS") != "required", "there is no Chromium"
        pytest.skip("there is no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def shop(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveShop]:
    kept = os.environ.get("WALK_SHOP")
    shop = OpenShop(Path(kept)) if kept else LiveShop(tmp_path_factory.mktemp("shop"))
    try:
        shop.open()
        yield shop
    finally:
        shop.close()


class Window:
    """A page, what was seen of it, and the means to look at it closely."""

    def __init__(self, page: Page) -> None:
        self.page, self.watch = page, Watch(page)
        self.found: list[str] = []
        self.has_scripts = True

    def look(self, schemes: Mapping[str, Rules] = SCHEMES) -> None:
        """Hold the page that is shown to what must be true of every page."""
        self.found += fits(self.page)
        if self.has_scripts:
            self.found += axe(self.page, schemes)


@pytest.fixture
def window(chromium: Browser, shop: LiveShop) -> Iterator[Callable[..., Window]]:
    """``window(size=PHONE, touch=True, scripts=False)``. At the end nothing may have gone wrong."""
    opened: list[Window] = []

    def make(
        *,
        size: dict[str, int] = DESK,
        touch: bool = False,
        scripts: bool = True,
        zh: bool = False,
        agent: str | None = None,
    ) -> Window:
        context = chromium.new_context(
            base_url=shop.url,
            viewport=size,
            has_touch=touch,
            is_mobile=touch,
            java_script_enabled=scripts,
            locale="zh-CN" if zh else "en-GB",
            user_agent=agent,
            reduced_motion="reduce",
        )
        context.set_default_timeout(TIMEOUT_MS)
        fresh = Window(context.new_page())
        fresh.has_scripts = scripts
        opened.append(fresh)
        return fresh

    yield make
    for one in opened:
        one.page.context.close()
    assert [problem for one in opened for problem in (*one.watch.problems, *one.found)] == []
