"""The home page put together: blocks, the goods in them, and what stands there at a moment."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from catalog.cards import CardFacts, shelves_make
from catalog.content.markup import goods_in
from catalog.content.models import Article
from catalog.content.reading import article_url, cards_by_id, guides_front, stretches_made
from catalog.home import RAIL, HomeChoice, HomeGoods, home_choice, home_goods
from catalog.homepage.links import link_shown
from catalog.homepage.models import Block, Kind
from catalog.homepage.selectors import Viewer, articles_at
from catalog.listing.collections import Collection, collections_public
from catalog.listing.tiles import Tile, category_tiles, collection_faces
from catalog.pictures.sources import picture_sources
from catalog.selectors import category_tree

CHOSEN_BY_US = {Kind.HERO, Kind.POPULAR, Kind.CHOSEN, Kind.NEWEST}
RAILS = {Kind.CHOSEN, Kind.NEWEST, Kind.COLLECTION}  # a row of cards, all in one template
NOTHING = HomeChoice(loved=[], chosen=[], newest=[], heroes=[])


@dataclass(frozen=True)
class Button:
    label: str
    url: str


@dataclass(frozen=True)
class Shown:
    """A block as its template takes it. ``facts`` are those of its kind.

    ``is_hole``: who reads decides whether and what; ``is_first``: its picture is seen first;
    ``is_title``: its title is that of the page.
    """

    block: Block
    title: str = ""
    text: str = ""
    buttons: list[Button] = field(default_factory=list)
    more: Button | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_hole: bool = False
    is_first: bool = False
    is_title: bool = False

    @property
    def template(self) -> str:
        name = "rail" if self.block.kind in RAILS else self.block.kind
        return f"homepage/blocks/{name}.html"

    @property
    def key(self) -> str:
        return str(self.block.key)

    @property
    def anchor(self) -> str:
        """The id of its heading, the same in every edition."""
        return f"home-{self.block.key}"


def home_shown(
    blocks: Iterable[Block],
    *,
    moment: dt.datetime | None = None,
    viewer: Viewer | None = None,
    is_page: bool = True,
) -> list[Shown]:
    """What stands on the home page now, or at ``moment``; prices are always those of now.

    ``viewer`` None: the page is everybody's, and blocks for some stand in it as holes. A block that
    has nothing to show just now is left out. ``is_page``: the blocks are the whole page.
    The same queries for any number of products.
    """
    at = moment or timezone.now()
    wanted = [block for block in blocks if block.is_shown_at(at)]
    if viewer is not None:
        wanted = [block for block in wanted if viewer.sees(block)]
    goods = _Goods.read(
        [one for one in wanted if viewer is not None or not one.is_for_some], moment=moment
    )
    shown: list[Shown] = []
    is_titled = not is_page
    for place, block in enumerate(wanted):
        if viewer is None and block.is_for_some:
            shown.append(Shown(block, is_hole=True))
            continue
        is_title = block.kind == Kind.HERO and not is_titled
        if one := goods.shown(block, is_first=is_page and place == 0, is_title=is_title):
            shown.append(one)
            is_titled |= is_title
    return shown


@dataclass(frozen=True)
class _Goods:
    """All that the blocks of one page show, read together."""

    ours: HomeGoods
    cards: Mapping[int, CardFacts]
    collections: Mapping[int, Collection]
    faces: Mapping[int, list[int]]
    articles: Mapping[int, Article]
    moment: dt.datetime | None

    @classmethod
    def read(cls, blocks: list[Block], *, moment: dt.datetime | None) -> "_Goods":
        kinds = {block.kind for block in blocks}
        choice = home_choice() if kinds & CHOSEN_BY_US else NOTHING
        asked = {one.collection_id for one in blocks if one.kind == Kind.COLLECTION}
        found = [one for one in collections_public() if one.pk in asked] if any(asked) else []
        faces = collection_faces(found)
        wanted = {one.article_id for one in blocks if one.kind == Kind.GUIDE and one.article_id}
        articles = articles_at(wanted, moment=moment) if wanted else {}
        ids = [*choice.all(), *(pk for row in faces.values() for pk in row)]
        ids += [pk for one in blocks for pk in goods_in(one.text_html or "")]
        ids += [pk for one in articles.values() for pk in _about(one)]
        cards = cards_by_id(dict.fromkeys(ids))
        return cls(
            ours=home_goods(choice, cards),
            cards=cards,
            collections={one.pk: one for one in found},
            faces=faces,
            articles=articles,
            moment=moment,
        )

    def shown(self, block: Block, *, is_first: bool, is_title: bool) -> Shown | None:
        """None where there is nothing to show."""
        made = getattr(self, f"_{block.kind}")(block)
        if made is None:
            return None
        title, facts, more = made
        return Shown(
            block=block,
            title=block.title or title,
            text=block.text or "",
            buttons=[
                Button(label, link_shown(link))
                for label, link in (
                    (block.label, block.link),
                    (block.second_label, block.second_link),
                )
                if label and link
            ],
            more=more,
            facts=facts,
            is_first=is_first,
            is_title=is_title,
        )

    def _hero(self, block: Block) -> "_Made":
        picture = picture_sources(block.picture.name or "", getattr(block, "picture_facts", None))
        return "", {"picture": picture, "heroes": [] if picture else self.ours.heroes}, None

    def _yours(self, block: Block) -> "_Made":
        return "", {}, None

    def _popular(self, block: Block) -> "_Made":
        cards = self.ours.popular
        more = _everything(gettext("Best rated"), "?sort=rating")
        return (gettext("Popular now"), {"cards": cards}, more) if cards else None

    def _chosen(self, block: Block) -> "_Made":
        cards = self.ours.chosen
        more = _everything(gettext("See everything"))
        return (gettext("Our choice"), {"cards": cards}, more) if cards else None

    def _newest(self, block: Block) -> "_Made":
        cards = self.ours.newest
        more = _everything(gettext("All that is new"), "?sort=newest")
        return (gettext("Just arrived"), {"cards": cards}, more) if cards else None

    def _collection(self, block: Block) -> "_Made":
        collection = self.collections.get(block.collection_id or 0)
        if collection is None:
            return None
        faces = self.faces.get(collection.pk, [])
        cards = [self.cards[pk] for pk in faces if pk in self.cards]
        cards.sort(key=lambda card: not card.is_available)
        url = reverse("catalogue:collection", kwargs={"slug": collection.slug})
        more = Button(gettext("The whole collection"), url)
        return (collection.name, {"cards": cards[:RAIL]}, more) if cards else None

    def _tiles(self, block: Block) -> "_Made":
        shelves = shelves_make()
        if block.category_ids:
            by_key = {node.pk: node for node in category_tree().values()}
            faces = {shelf["url"]: shelf["picture"] for shelf in shelves}
            nodes = [by_key[pk] for pk in block.category_ids if pk in by_key]
            tiles = [
                Tile(one.name, one.url, one.picture or faces.get(one.url))
                for one in category_tiles(nodes)
            ]
        else:
            tiles = [Tile(one["name"], one["url"], one["picture"]) for one in shelves]
        return (gettext("The departments"), {"tiles": tiles}, None) if tiles else None

    def _guide(self, block: Block) -> "_Made":
        more = Button(gettext("All guides"), reverse("content:guides"))
        if block.article_id is None:
            guides = guides_front(moment=self.moment)
            return (gettext("Good to know"), {"guides": guides}, more) if guides else None
        article = self.articles.get(block.article_id)
        if article is None:
            return None
        facts = {
            "article": article,
            "url": article_url(article),
            "cover": picture_sources(article.cover.name or "", article.picture_facts),
            "cards": [self.cards[pk] for pk in _about(article) if pk in self.cards][:RAIL],
        }
        return article.title, facts, more

    def _countdown(self, block: Block) -> "_Made":
        return "", {"ends_at": block.ends_at}, None

    def _text(self, block: Block) -> "_Made":
        return "", {"stretches": stretches_made(block.text_html or "", self.cards)}, None


_Made = tuple[str, dict[str, Any], Button | None] | None  # usual title, facts, link beside it


def _everything(label: str, query: str = "") -> Button:
    return Button(label, reverse("catalogue:index") + query)


def _about(article: Article) -> list[int]:
    """Families that the guide is about, those beside it first."""
    links = sorted(article.links.all(), key=lambda one: (one.is_inside, one.position, one.pk))
    return list(dict.fromkeys(link.product_id for link in links))[: 2 * RAIL]
