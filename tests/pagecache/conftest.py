import pytest

from shop.core.pagecache.shelf import shelf


@pytest.fixture
def kept(settings):
    """Pages are kept, and none is there yet."""
    settings.PAGE_CACHE = True
    shelf.clear_near()
    yield shelf
    shelf.clear_near()


@pytest.fixture
def written(django_capture_on_commit_callbacks):
    """``with written():`` what a commit starts is started, as outside of tests."""

    def run():
        return django_capture_on_commit_callbacks(execute=True)

    return run
