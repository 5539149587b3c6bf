"""Words and addresses that stand in a template are looked up once, and are those of the reader."""

import pytest
from django import urls
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from shop.core import settled
from shop.core.settled import SettledNode


def _count(monkeypatch: pytest.MonkeyPatch, owner: type) -> list[int]:
    asked: list[int] = []
    render = owner.render  # type: ignore[attr-defined]
    monkeypatch.setattr(owner, "render", lambda *a: asked.append(1) or render(*a))
    return asked


def test_words_are_looked_up_once_for_each_language(monkeypatch):
    asked = _count(monkeypatch, settled.TranslateNode)
    page = Template("{% load i18n %}{% translate 'Basket' %}")
    english = page.render(Context())
    for _ in range(3):
        assert page.render(Context()) == english
    with override("zh-hans"):
        assert page.render(Context()) == "购物车"
        assert page.render(Context()) == "购物车"
    assert page.render(Context()) == english
    assert len(asked) == 2


def test_words_with_something_in_them_are_looked_up_each_time(monkeypatch):
    asked = _count(monkeypatch, settled.TranslateNode)
    page = Template("{% load i18n %}{% translate word %}{% translate 'Basket'|upper %}")
    assert page.render(Context({"word": "Basket"})) != page.render(Context({"word": "Account"}))
    assert len(asked) == 4


def test_a_word_can_be_kept_in_a_variable_and_mean_two_things():
    page = Template(
        "{% load i18n %}{% translate 'State' context 'address' as one %}{% translate 'State' as two %}"
        "{{ one }} {{ two }}"
    )
    with override("zh-hans"):
        first, second = page.render(Context()).split()
        assert page.render(Context()).split() == [first, second]
        assert first != second


def test_addresses_are_those_of_the_language_and_of_the_project(monkeypatch, settings):
    asked = _count(monkeypatch, settled.URLNode)
    page = Template("{% url 'basket:summary' %}")
    request = RequestFactory().get("/")
    for _ in range(2):
        assert page.render(Context({"request": request})) == "/basket/"
    with override("zh-hans"):
        assert page.render(Context()) == "/zh-hans/basket/"
    assert len(asked) == 2
    settings.ROOT_URLCONF = __name__
    urls.clear_url_caches()
    with pytest.raises(urls.NoReverseMatch):
        page.render(Context())


urlpatterns: list = []


def test_an_address_that_is_not_there_is_empty_in_a_variable():
    page = Template("{% url 'nowhere' as there %}[{{ there }}]")
    assert page.render(Context()) == page.render(Context()) == "[]"


def test_an_address_with_a_key_is_made_each_time():
    page = Template("{% url 'content:page' slug=slug %}")
    assert page.render(Context({"slug": "a"})) != page.render(Context({"slug": "b"}))
    assert not page.nodelist.get_nodes_by_type(SettledNode)


def test_an_icon_is_drawn_once_and_escaped_as_ever(monkeypatch):
    asked = _count(monkeypatch, settled.IncludeNode)
    page = Template(
        "{% include 'components/icon.html' with name='basket' classname='icon--large' only %}"
    )
    icon = page.render(Context())
    assert "#basket" in icon
    assert "icon--large" in icon
    assert page.render(Context({"name": "lock"})) == icon
    assert len(asked) == 1


@pytest.mark.parametrize(
    "tag",
    [
        "{% include 'components/icon.html' with name=which classname='' only %}",
        "{% include 'components/icon.html' with classname='' %}",
    ],
)
def test_an_icon_that_somebody_chooses_is_drawn_each_time(tag):
    page = Template(tag)
    assert "#lock" in page.render(Context({"which": "lock", "name": "lock"}))
    assert "#basket" in page.render(Context({"which": "basket", "name": "basket"}))


def test_the_address_of_a_file_is_found_once(monkeypatch):
    asked = _count(monkeypatch, settled.StaticNode)
    page = Template("{% load static %}{% static 'img/favicon.svg' %}{% static name %}")
    for _ in range(3):
        assert page.render(Context({"name": "img/icons.svg"})).startswith("/static/img/favicon")
    assert len(asked) == 1 + 3


def test_a_simple_tag_whose_words_stand_in_quotes_is_asked_once_for_each_language():
    page = Template(
        "{% load labelled %}{% labelled _('Amount') %}|{% labelled _('Amount') total %}|{% labelled word %}"
    )
    label = next(one for one in page.nodelist if isinstance(one, SettledNode))
    says = [page.render(Context({"total": total, "word": "Colour"})) for total in (1, 2)]
    assert says == ["Amount:|Amount: 1|Colour:", "Amount:|Amount: 2|Colour:"]
    with override("zh-hans"):
        assert page.render(Context({"total": 3, "word": "x"})) == "金额：|金额：3|x："
    assert len(label._said) == 2
