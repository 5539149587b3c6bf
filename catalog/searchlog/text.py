"""Queries as the log keeps them, and which of them nobody else may be shown."""

import re
import unicodedata

from catalog.searchlog.models import QUERY_LENGTH, TYPED_LENGTH

MAIL = re.compile(r"\S+@\S+")
# Telephone, card and order numbers: five digits or more, whatever stands between them.
NUMBER = re.compile(r"\d(?:[\s\-./()+]*\d){4,}")
ADDRESS = re.compile(r"(?:https?:|www\.|\w\.(?:com|net|org|cn|de|io)\b)", re.IGNORECASE)
LONG = 40  # characters; nobody types so much twice, but people paste it


def query_cleaned(typed: str) -> str:
    """One line without control characters and without e-mail addresses, as it was typed."""
    typed = typed[: 2 * TYPED_LENGTH]  # looking for addresses in endless text would take forever
    words = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in typed)
    return MAIL.sub("…@…", " ".join(words.split()))[:TYPED_LENGTH].strip()


def query_normalised(typed: str) -> str:
    """The same query for the same words: full width, case and spaces make no difference."""
    folded = unicodedata.normalize("NFKC", query_cleaned(typed)).casefold()
    return " ".join(folded.split())[:QUERY_LENGTH].strip()


def is_personal(query: str) -> bool:
    """Whether ``query`` may tell of a person, so that it is never suggested to another."""
    return bool("@" in query or NUMBER.search(query) or ADDRESS.search(query) or len(query) > LONG)
