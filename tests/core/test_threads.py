"""What Django keeps for each task is kept for each thread, and nothing of the shop runs as a task."""

import threading
from collections.abc import Iterator
from inspect import iscoroutinefunction
from typing import Any

from django.conf import settings
from django.test import override_settings
from django.urls import get_resolver
from django.utils import timezone, translation

from shop.core.threads import KEEPERS, threads_keep


def test_the_interpreter_keeps_them() -> None:
    threads_keep()  # a test that has overridden the caches or the languages has put Django's there
    assert all(isinstance(getattr(owner, name), threading.local) for owner, name in KEEPERS)


def test_another_thread_knows_nothing_of_a_language_and_a_zone() -> None:
    seen: list[tuple[str, str]] = []

    def look() -> None:
        seen.append((translation.get_language(), timezone.get_current_timezone_name()))

    with translation.override("zh-hans"), timezone.override("Asia/Shanghai"):
        look()
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    assert seen == [("zh-hans", "Asia/Shanghai"), (settings.LANGUAGE_CODE, settings.TIME_ZONE)]


def test_what_a_thread_has_stays_its_own_when_they_are_put_in_place() -> None:
    with translation.override("zh-hans"):
        threads_keep()
        assert translation.get_language() == "zh-hans"


def test_settings_can_be_overridden_and_come_back() -> None:
    before = settings.OSCAR_SHOP_NAME
    with override_settings(OSCAR_SHOP_NAME="Another"):
        assert settings.OSCAR_SHOP_NAME == "Another"
    assert before == settings.OSCAR_SHOP_NAME
    assert not hasattr(settings, "NO_SUCH_SETTING")


def test_no_view_is_asynchronous() -> None:
    views = list(_views(get_resolver()))

    assert len(views) > 300
    assert not [one for one in views if iscoroutinefunction(one)]
    assert not [
        one for one in views if getattr(getattr(one, "view_class", None), "view_is_async", False)
    ]


def _views(resolver: Any) -> Iterator[Any]:
    for one in resolver.url_patterns:
        if hasattr(one, "url_patterns"):
            yield from _views(one)
        else:
            yield one.callback
