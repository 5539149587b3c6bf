"""What a search reads: documents, the words that occur in them, and what an operator decided."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.search.analysis import phrase_fold

LANGUAGES = ("en", "zh-hans")
LANGUAGE_CHOICES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
PHRASE_AT_MOST = 60  # characters of a synonym or of a query that leads elsewhere


class SearchDocument(models.Model):
    """All words of one browsable family, for readers of one language. Derived; see `services`.

    ``words`` is what is matched. Its weights: A the title and the codes, B the title in the other
    language, the brand and the attributes, C categories with all above them and the attributes in
    the other language, D both descriptions. So one row answers a query that mixes languages, and
    a reader's own language still comes first. ``names`` is the same without D: it is short enough
    to stay in the row, which is what makes ranking thousands of matches quick.
    """

    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="search_documents"
    )
    language = models.CharField(max_length=10, choices=LANGUAGE_CHOICES)
    title = models.CharField(max_length=255)  # as shown
    title_folded = models.CharField(max_length=255)  # as compared with a whole query
    words = SearchVectorField()
    names = SearchVectorField()
    codes = ArrayField(models.CharField(max_length=80), default=list)  # SKUs, barcodes; folded
    digest = models.CharField(max_length=32)  # of all of it; an unchanged row is not written

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "language"], name="search_document_once_per_language"
            ),
            models.CheckConstraint(
                condition=Q(language__in=LANGUAGES), name="search_document_language_known"
            ),
        ]
        # A search reads one language; an index of each is half as long to walk.
        indexes = [
            GinIndex(fields=["words"], condition=Q(language="en"), name="search_words_en"),
            GinIndex(fields=["words"], condition=Q(language="zh-hans"), name="search_words_zh"),
            GinIndex(fields=["codes"], condition=Q(language="en"), name="search_codes"),
        ]


class SearchWord(models.Model):
    """A word that occurs in names: what slips and sounds are mended with.

    Typing slips are looked up here and not in the documents: a few thousand words are compared in
    a millisecond, and the mended query then takes the same exact, indexed way as any other.
    ``sound`` and ``initials`` are the pinyin of Chinese words: 手机 is "shouji" and "sj".
    """

    word = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    frequency = models.PositiveIntegerField(default=1, help_text="families with it in a name")
    sound = models.CharField(max_length=120, blank=True)
    initials = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["word", "language"], name="search_word_once"),
        ]
        indexes = [
            GinIndex(OpClass("word", name="gin_trgm_ops"), name="search_word_trigrams"),
            models.Index(OpClass("word", name="varchar_pattern_ops"), name="search_word_prefix"),
            models.Index(OpClass("sound", name="varchar_pattern_ops"), name="search_word_sound"),
            models.Index(fields=["initials"], name="search_word_initials"),
        ]


class SynonymGroup(models.Model):
    """Words that mean the same to shoppers.

    With ``source`` empty every one of ``words`` also finds the others; with it, ``source`` finds
    ``words`` but not the other way round ("gift" finds "hamper").
    """

    source = models.CharField(
        _("Only when this is typed"),
        max_length=PHRASE_AT_MOST,
        blank=True,
        help_text=_("Leave empty if all words mean the same."),
    )
    words = ArrayField(
        models.CharField(max_length=PHRASE_AT_MOST),
        verbose_name=_("Words"),
        help_text=_("Separated by commas, e.g. sofa, couch, settee"),
    )
    language = models.CharField(
        _("Language"),
        max_length=10,
        choices=LANGUAGE_CHOICES,
        blank=True,
        help_text=_("Of the reader; empty for every reader."),
    )
    is_active = models.BooleanField(_("In use"), default=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=~Q(words=[]), name="synonym_group_has_words"),
        ]

    def clean(self) -> None:
        """A group needs two words, or one that a source leads to; each must hold a letter."""
        self.words = list(dict.fromkeys(word.strip() for word in self.words or () if word.strip()))
        self.source = self.source.strip()
        unreadable = [word for word in (*self.words, self.source) if word and not phrase_fold(word)]
        if unreadable:
            raise ValidationError(
                _("“%(word)s” has no letter or digit."), params={"word": unreadable[0]}
            )
        if len(self.words) < (1 if self.source else 2):
            raise ValidationError(
                _("Name at least one word that it leads to.")
                if self.source
                else _("Name at least two words that mean the same.")
            )


class SearchRedirect(models.Model):
    """A query that leads straight to a page: "returns" to the page about sending back."""

    query = models.CharField(_("What is typed"), max_length=PHRASE_AT_MOST)
    folded = models.CharField(max_length=PHRASE_AT_MOST, editable=False)
    language = models.CharField(
        _("Language"), max_length=10, choices=LANGUAGE_CHOICES, blank=True,
        help_text=_("Of the reader; empty for every reader."),
    )  # fmt: skip
    url = models.CharField(
        _("Leads to"), max_length=300, help_text=_("A path of this shop, such as /en/catalogue/")
    )
    is_active = models.BooleanField(_("In use"), default=True)

    class Meta:
        ordering = ("query", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["folded", "language"],
                name="search_redirect_once_per_query",
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="/") & ~Q(url__startswith="//"),
                name="search_redirect_stays_here",
                violation_error_message=_("Begin with one slash: a path of this shop."),
            ),
        ]

    def save(self, *args: object, **kwargs: object) -> None:
        self.folded = phrase_fold(self.query)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """The query must hold a letter; the address must be a path of this shop."""
        self.folded = phrase_fold(self.query)
        if not self.folded:
            raise ValidationError({"query": _("Type at least one letter or digit.")})
        others = SearchRedirect.objects.exclude(pk=self.pk)
        if others.filter(folded=self.folded, language=self.language).exists():
            raise ValidationError({"query": _("This query leads somewhere already.")})
        is_path = self.url.startswith("/") and "\\" not in self.url
        if not is_path or not url_has_allowed_host_and_scheme(self.url, allowed_hosts=None):
            raise ValidationError({"url": _("Begin with one slash: a path of this shop.")})


def _weight(label: str, default: float, help_text: str) -> models.FloatField:
    return models.FloatField(
        label,
        default=default,
        help_text=help_text,
        validators=[MinValueValidator(0), MaxValueValidator(10)],
    )


class RankingWeights(models.Model):
    """How much each part counts when matches are put in order. One row; without it the defaults."""

    text = _weight(_("Text"), 10, _("How well the words fit, titles before descriptions."))
    sales = _weight(
        pgettext_lazy("units", "Sales"),
        1,
        _("Units sold in the last 28 days, against the best seller."),
    )
    stock = _weight(_("In stock"), 1.5, _("Can be bought now."))
    rating = _weight(_("Rating"), 0.5, _("Stars, few reviews counting less."))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="ranking_weights_one_row"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__gte": 0, f"{name}__lte": 10}),
                    name=f"ranking_{name}_within_bounds",
                )
                for name in ("text", "sales", "stock", "rating")
            ),
        ]

    def save(self, *args: object, **kwargs: object) -> None:
        self.pk = 1
        super().save(*args, **kwargs)
