"""HTML that is kept in the process: by its values alone, and nothing about a visitor."""

import threading
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from shop.core import fragments
from shop.core.fragments import FragmentStore, NotKeepableError, fragment

NAME = "components/chip.html"  # shows `label`, and an icon of the sprite


@dataclass(frozen=True)
class Thing:
    label: str
    tags: tuple[str, ...] = ()


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "store", FragmentStore())


def rendered(source: str, **values: object) -> str:
    return Template("{% load fragments %}" + source).render(Context(values)).strip()


@pytest.fixture
def use_templates(settings):
    """Templates of these tests alone, by their names."""

    def use(**sources: str) -> None:
        engine = settings.TEMPLATES[0]
        options = engine["OPTIONS"] | {
            "loaders": [("django.template.loaders.locmem.Loader", sources)]
        }
        settings.TEMPLATES = [engine | {"APP_DIRS": False, "OPTIONS": options}]

    return use


@pytest.mark.req("S5.02")
def test_a_fragment_is_rendered_once_for_the_same_values(monkeypatch):
    count = []
    render = fragments._render
    monkeypatch.setattr(fragments, "_render", lambda *a: count.append(a) or render(*a))
    first = rendered("{% kept 'components/chip.html' with label=word tone='good' %}", word="New")
    again = rendered("{% kept 'components/chip.html' with label=word tone='good' %}", word="New")
    other = rendered("{% kept 'components/chip.html' with label=word tone='good' %}", word="Old")
    assert first == again == '<span class="chip chip--good">New</span>'
    assert "Old" in other
    assert len(count) == 2


@pytest.mark.req("S5.02")
def test_it_looks_as_the_plain_include_does():
    tag = "{% load i18n %}{% {} 'components/chip.html' with label=word icon='box' tone=tone {} %}"
    values = {"word": 'Cups & "mugs" <b>', "tone": "warn"}
    kept = rendered(tag.replace("{}", "kept", 1).replace("{}", ""), **values)
    plain = rendered(tag.replace("{}", "include", 1).replace("{}", "only"), **values)
    assert kept == plain
    assert "&lt;b&gt;" in kept


def test_each_language_has_its_own():
    def one() -> str:
        return fragment("components/facts.html", {"rows": (), "lines": True}) + fragment(
            "components/logo.html", {}
        )

    english = one()
    with override("zh-hans"):
        chinese = one()
    assert "home page" in english
    assert "home page" not in chinese
    assert one() == english


def test_words_in_the_tag_are_in_the_readers_language():
    assert "Basket" in rendered("{% kept 'components/chip.html' with label=_('Basket') %}")
    with override("zh-hans"):
        assert "购物" in rendered("{% kept 'components/chip.html' with label=_('Basket') %}")


@pytest.mark.parametrize(
    "value",
    [
        mark_safe("<b>New</b>"),
        Decimal("1.00"),
        ["a list"],
        {"a": "dictionary"},
        ("a tuple with", ["a list"]),
        Thing(label=mark_safe("<b>New</b>")),
        Thing(label="New", tags=["red"]),  # type: ignore[arg-type]
        gettext_lazy("New"),
        object(),
    ],
)
def test_what_may_look_different_while_it_is_equal_is_refused(value):
    with pytest.raises(NotKeepableError):
        fragment(NAME, {"label": value})
    assert len(fragments.store) == 0


def test_ready_html_never_stands_for_text_that_is_not():
    """Equal as Python sees it; the plain one was kept, and stays escaped."""
    assert "&lt;b&gt;" in fragment(NAME, {"label": "<b>"})
    assert "&lt;b&gt;" in fragment(NAME, {"label": mark_safe("<b>")})


@pytest.mark.parametrize(
    "source",
    [
        "{% csrf_token %}",
        "{{ csrf_token }}",
        "{{ request.path }}",
        "{{ user.first_name }}",
        "{% if request.user.is_authenticated %}you{% endif %}",
        "{% if user and label %}you{% endif %}",
        "{% if not user %}stranger{% endif %}",
        "{% for message in messages %}{{ message }}{% endfor %}",
    ],
)
def test_a_fragment_that_asks_about_the_visitor_is_refused(use_templates, source):
    use_templates(**{"asks.html": source})
    with pytest.raises(NotKeepableError):
        fragment("asks.html", {"label": "New"})
    assert len(fragments.store) == 0


def test_the_page_around_it_is_out_of_sight(use_templates):
    use_templates(**{"sees.html": "[{{ secret }}]"})
    request = RequestFactory().get("/")
    assert rendered("{% kept 'sees.html' %}", secret="s", request=request) == "[]"


def test_slots_are_filled_anew_and_the_rest_is_kept(use_templates, monkeypatch):
    use_templates(**{"greets.html": "<b>{{ word }} {{ name }}</b>{{ note }}{{ word }}"})
    tag = "{% kept 'greets.html' with word=word slots name=name note=note %}"
    assert rendered(tag, word="Hello", name="<Mei>", note=mark_safe("<i>!</i>")) == (
        "<b>Hello &lt;Mei&gt;</b><i>!</i>Hello"
    )
    monkeypatch.setattr(fragments, "_render", lambda *a: pytest.fail("rendered once more"))
    assert rendered(tag, word="Hello", name="Lin", note="<") == "<b>Hello Lin</b>&lt;Hello"
    assert rendered(tag, word="Hello") == "<b>Hello </b>Hello"


def test_what_fills_one_slot_does_not_reach_another(use_templates):
    use_templates(**{"two.html": "[{{ typed }}][{{ csrf_token }}]"})
    tag = "{% kept 'two.html' slots typed=typed csrf_token=token %}"
    trick = "\ue000csrf_token\ue000"
    assert rendered(tag, typed=trick, token="secret") == f"[{trick}][secret]"


def test_a_mark_in_the_words_of_the_shop_is_no_slot(use_templates):
    use_templates(**{"odd.html": "[{{ word }}][{{ next }}]"})
    odd = "\ue000nowhere\ue000"
    tag = "{% kept 'odd.html' with word=word slots next=next %}"
    assert rendered(tag, word=odd, next="/") == f"[{odd}][/]"


def test_a_form_in_a_fragment_has_the_token_of_its_reader(use_templates):
    use_templates(**{"form.html": "<form>{% csrf_token %}</form>"})
    tag = "{% kept 'form.html' slots csrf_token=csrf_token %}"
    for token in ("one", "two"):
        assert f'value="{token}"' in rendered(tag, csrf_token=token)


@pytest.mark.req("S5.02")
def test_the_store_never_grows_beyond_its_size():
    store = FragmentStore(characters=100)
    for number in range(50):
        store.put(number, "x" * 30)
        store.get(0)
    assert store.size <= 100
    assert len(store) == 3
    assert store.get(0) is not None  # asked for all the time
    assert store.get(49) is not None
    assert store.get(20) is None
    store.put("large", "x" * 101)
    assert store.get("large") is None


def test_the_store_counts_right_when_many_write():
    store = FragmentStore(characters=1_000)

    def write(start: int) -> None:
        for number in range(500):
            store.put((start * number) % 37, "x" * (number % 40))
            store.get(number % 37)

    threads = [threading.Thread(target=write, args=(one,)) for one in range(1, 5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert store.size == sum(len(html) for html in store._kept.values())
    assert store.size <= 1_000


@pytest.mark.parametrize(
    "tag",
    [
        "{% kept %}",
        "{% kept name %}",
        "{% kept 'a.html' label=1 %}",
        "{% kept 'a' with %}",
        "{% kept 'a' slots %}",
        "{% kept 'a' slots b=1 with c=2 %}",
    ],
)
def test_the_tag_says_what_it_cannot_read(tag):
    with pytest.raises(TemplateSyntaxError):
        rendered(tag)
