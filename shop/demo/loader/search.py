"""The demo's synonyms and redirects, and the documents of everything that was loaded."""

import tomllib

from django.utils.translation import override

from catalog.models import Category
from catalog.search.models import SearchRedirect, SynonymGroup
from catalog.search.services import documents_rebuild, families_browsable
from shop.core.progress import progress_bar
from shop.demo.catalogue import DATA


def search_load() -> None:
    """Rules and documents. Call it when all products, brands and categories are there."""
    search_rules_load()
    with progress_bar(total=families_browsable(), label="search documents") as done:
        documents_rebuild(done=done)


def search_rules_load() -> None:
    """What an operator would have written by now."""
    with (DATA / "search.toml").open("rb") as source:
        rules = tomllib.load(source)
    for row in rules["synonyms"]:
        group = SynonymGroup(**row)
        group.full_clean()
        group.save()
    for row in rules["redirects"]:
        shelf = Category.objects.filter(code=row.pop("category")).first()
        if shelf:  # the small shop has no shelf for some
            with override(row["language"]):
                redirect = SearchRedirect(**row, url=shelf.get_absolute_url())
            redirect.full_clean()
            redirect.save()
