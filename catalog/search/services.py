"""Writing search documents and the vocabulary."""

from collections import Counter
from collections.abc import Callable, Sequence

from django.db import connection, transaction
from django.db.models import Max

from catalog.models import Product
from catalog.search.analysis import initials_of, sound_of
from catalog.search.documents import (
    Document,
    chunks,
    documents_make,
    families_read,
    words_of,
)
from catalog.search.locks import documents_lock
from catalog.search.models import SearchDocument, SearchWord
from shop.core.bulk import rows_update
from shop.core.prepared import TEXTS, Prepared

Words = dict[tuple[str, str], int]

# Words of letters are stemmed, Chinese tokens stay as they are. Weights as SearchDocument says.
VECTOR = """setweight(to_tsvector('english', {0}_words) || to_tsvector('simple', {0}_han), '{1}')"""
NAMES = " || ".join(VECTOR.format(part, part.upper()) for part in "abc")
COLUMNS = (
    "product_id, language, title, title_folded,"
    " a_words, a_han, b_words, b_han, c_words, c_han, d_words, d_han, codes, digest"
)
ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::varchar[], %s)"
UPSERT = f"""
    INSERT INTO finding_searchdocument AS old
        (product_id, language, title, title_folded, names, words, codes, digest)
    SELECT product_id, language, title, title_folded, names,
           names || {VECTOR.format("d", "D")}, codes, digest
    FROM (VALUES {{rows}}) AS new ({COLUMNS}), LATERAL (SELECT {NAMES} AS names) AS named
    ON CONFLICT (product_id, language) DO UPDATE SET
        title = EXCLUDED.title, title_folded = EXCLUDED.title_folded, names = EXCLUDED.names,
        words = EXCLUDED.words, codes = EXCLUDED.codes, digest = EXCLUDED.digest
"""  # noqa: S608  the texts are constants above


def documents_refresh(*, ids: Sequence[int]) -> None:
    """Write the documents of these families as they should be now, and their new words.

    Part of the transaction that changed them. Documents of families that are gone or may not be
    browsed are deleted.
    """
    for chunk in chunks(sorted(set(ids))):
        words_add(words=_chunk_write(chunk))


def documents_rebuild(*, done: Callable[[int], object] = lambda families: None) -> int:
    """Write every document and count every word anew. Returns the number of families.

    Safe while the shop is open: one short transaction per chunk, and only what differs is
    written. ``done`` is told of every chunk.
    """
    words: Counter[tuple[str, str]] = Counter()
    newest = _newest_word()
    ids = _browsable()
    for chunk in chunks(ids):
        words.update(_chunk_write(chunk))
        done(len(chunk))
    SearchDocument.objects.exclude(product__in=Product.objects.browsable()).delete()
    words_replace(words=dict(words), up_to=newest)
    return len(ids)


def words_recount() -> int:
    """Count how often every word occurs now and forget those that are gone. Returns how many are left.

    New words come with their product; this is for the nights.
    """
    words: Counter[tuple[str, str]] = Counter()
    newest = _newest_word()
    for chunk in chunks(_browsable()):
        words.update(words_of(families_read(chunk)))
    words_replace(words=dict(words), up_to=newest)
    return len(words)


def families_browsable() -> int:
    """How many families a rebuild goes through."""
    return Product.objects.browsable().count()


def words_add(*, words: Words) -> None:
    """Words that are new to the vocabulary; how often they occur is counted by the rebuild."""
    if not words:
        return
    texts = {word for word, _language in words}
    new = words.keys() - set(_known_words.read(texts=list(texts)))
    if new:
        _words_insert({key: words[key] for key in new})


_known_words: Prepared[tuple[str, str]] = Prepared(
    lambda texts: SearchWord.objects.filter(word__in=texts).values_list("word", "language"),
    texts=TEXTS,
)


@transaction.atomic
def words_replace(*, words: Words, up_to: int) -> None:
    """The vocabulary is ``words``, and what came in after the key ``up_to``, while they were counted."""
    rows = SearchWord.objects.values_list("pk", "word", "language", "frequency")
    kept = {(word, language): (pk, frequency) for pk, word, language, frequency in rows}
    gone = [kept[key][0] for key in kept.keys() - words.keys() if kept[key][0] <= up_to]
    SearchWord.objects.filter(pk__in=gone).delete()
    _words_insert({key: words[key] for key in words.keys() - kept.keys()})
    changed = [
        SearchWord(pk=kept[key][0], frequency=words[key])
        for key in sorted(words.keys() & kept.keys())
        if kept[key][1] != words[key]
    ]
    rows_update(changed, ["frequency"])


def _browsable() -> list[int]:
    return list(Product.objects.browsable().order_by("pk").values_list("pk", flat=True))


def _newest_word() -> int:
    return SearchWord.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _words_insert(words: Words) -> None:
    """In the order of words, so that two who add the same ones wait and do not lock crosswise."""
    rows = [
        SearchWord(
            word=word,
            language=language,
            frequency=words[word, language],
            sound=sound_of(word)[:120] if language == "zh-hans" else "",
            initials=initials_of(word) if language == "zh-hans" else "",
        )
        for word, language in sorted(words)
    ]
    SearchWord.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)


@transaction.atomic
def _chunk_write(ids: Sequence[int]) -> Words:
    """Write what differs, delete what should not be; returns the words of these families."""
    digests = documents_lock(ids)
    families = families_read(ids)
    gone = {product for product, _language in digests} - families.keys()
    if gone:
        SearchDocument.objects.filter(product__in=gone).delete()
    changed = [
        _values(document, digest)
        for document in documents_make(families)
        if digests.get((document.product_id, document.language)) != (digest := document.digest())
    ]
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(
                UPSERT.replace("{rows}", ", ".join([ROW] * len(changed))),
                [value for values in changed for value in values],
            )
    return words_of(families)


def _values(document: Document, digest: str) -> tuple[object, ...]:
    """In the order of ROW."""
    return (
        document.product_id,
        document.language,
        document.title,
        document.title_folded,
        *(text for part in document.parts for text in part),
        list(document.codes),
        digest,
    )
