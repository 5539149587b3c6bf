"""A page inherits from its frame what Django would give it, without looking for it each time."""

import pytest
from django.template import Context, Template, TemplateDoesNotExist, engines, loader_tags

from shop.core import inherited
from shop.core.inherited import SettledExtends

FRAME = (
    "<{% block title %}Shop{% endblock %}>{% block empty %}{% endblock %}"
    "{% if wide %}{% block main %}[{% block inner %}in {{ who }}{% endblock %}]{% endblock %}{% endif %}"
    "{% block foot %}foot {{ who }}{% endblock %}"
)
TEMPLATES = {
    "frame": FRAME,
    "layout": "{% extends 'frame' %}{% block inner %}{% block step %}{% endblock %} of {{ block.super }}{% endblock %}",
    "page": "{% extends 'layout' %}{% load i18n %}{% block title %}{% translate 'Basket' %} · {{ block.super }}{% endblock %}"
    "{% block step %}{% with who='you' %}one {{ who }}{% endwith %}{% endblock %}{% block nowhere %}x{% endblock %}",
    "plain": "{% extends 'layout' %}{% block foot %}{% endblock %}{% block empty %}full{% endblock %}",
    "chosen": "{% extends name %}{% block title %}{{ block.super }}!{% endblock %}",
    "under-chosen": "{% extends 'chosen' %}{% block step %}s{% endblock %}",
    "filtered": "{% extends 'LAYOUT'|lower %}{% block step %}f{% endblock %}",
    "lost": "{% extends 'nobody' %}",
    "outer": "{% extends 'frame' %}{% block inner %}{% include 'plain' %}{% include 'page' only %}{% endblock %}",
    "scoped": "{% extends 'frame' %}{% block title %}{% load i18n %}{% translate 'Basket' as who %}{{ who }}{% endblock %}",
}
PAGES = [
    "frame",
    "layout",
    "page",
    "plain",
    "chosen",
    "under-chosen",
    "filtered",
    "outer",
    "scoped",
]


def _engine(settings, *, cached: bool):
    loaders = [("django.template.loaders.locmem.Loader", TEMPLATES)]
    if cached:
        loaders = [("django.template.loaders.cached.Loader", loaders)]
    engine = settings.TEMPLATES[0]
    options = engine["OPTIONS"] | {"loaders": loaders}
    settings.TEMPLATES = [engine | {"APP_DIRS": False, "OPTIONS": options}]
    return engines["django"]


def _said(template: Template, name: str) -> list[str]:
    """Twice, in two states of the page."""
    values = {"who": "<me>", "name": "layout"}
    return [
        template.render(dict(values)),
        template.render(values | {"wide": True}),
        template.render(values | {"wide": True, "name": "frame"}),
    ] * 2


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_it_would_say_with_the_tags_of_django(name, cached, settings, monkeypatch):
    settings.DEBUG = False
    ours = _said(_engine(settings, cached=cached).get_template(name), name)

    for tag, compiled in (("extends", loader_tags.do_extends), ("block", loader_tags.do_block)):
        monkeypatch.setitem(loader_tags.register.tags, tag, compiled)
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"NAME": "django"}]
    template = engines["django"].get_template(name)
    assert not template.template.nodelist.get_nodes_by_type(SettledExtends)
    theirs = _said(template, name)
    assert ours == theirs
    assert "<" in ours[0]


def test_the_parents_are_looked_for_once(settings, monkeypatch):
    settings.DEBUG = False
    page = _engine(settings, cached=True).get_template("page")
    asked: list[int] = []
    get_parent = SettledExtends.get_parent
    monkeypatch.setattr(SettledExtends, "get_parent", lambda *a: asked.append(1) or get_parent(*a))
    for _ in range(3):
        page.render({})
    assert len(asked) == 2


def test_while_templates_change_under_the_hand_they_are_looked_for_each_time(settings):
    settings.DEBUG = True
    page = _engine(settings, cached=False).get_template("page")
    page.render({})
    node = page.template.nodelist.get_nodes_by_type(inherited.SettledExtends)[0]
    assert node._found is None


def test_a_frame_that_is_not_there_is_an_error_each_time(settings):
    settings.DEBUG = False
    page = _engine(settings, cached=True).get_template("lost")
    for _ in range(2):
        with pytest.raises(TemplateDoesNotExist):
            page.template.render(Context({}))
