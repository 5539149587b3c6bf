"""What is kept around a basket: what its owner last saw, what was put aside, what is shared."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class LineSeen(models.Model):
    """What a basket line looked like when its owner last changed it or said "all right".

    ``price``: of one, with tax, in ``currency``. ``units``: how many could be had; None: not counted.
    """

    line = models.OneToOneField("basket.Line", on_delete=models.CASCADE, related_name="seen")
    price = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    units = models.PositiveIntegerField(null=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="line_seen_price_not_negative")
        ]


class Shelf(models.Model):
    """Where one person puts things aside. A guest's is found by a signed cookie."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="shelf",
    )
    made_at = models.DateTimeField(default=timezone.now)


class PutAside(models.Model):
    """A product or variant that was in the basket and is to be bought later, once per shelf."""

    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, related_name="things")
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    put_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-put_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["shelf", "product"], name="put_aside_once_per_shelf"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="put_aside_at_least_one"),
        ]


class SharedBasket(models.Model):
    """A copy of a basket behind a secret link, for as long as it says.

    ``owner_name``: the first name that the page shows; empty for a guest. ``taken``: how often it was
    put into a basket.
    """

    key = models.CharField(max_length=43, unique=True)
    basket = models.ForeignKey(
        "basket.Basket", on_delete=models.SET_NULL, null=True, related_name="shares"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    owner_name = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")), name="shared_basket_lives_a_while"
            )
        ]


class SharedThing(models.Model):
    """One thing of a shared basket."""

    share = models.ForeignKey(SharedBasket, on_delete=models.CASCADE, related_name="things")
    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    title = models.CharField(max_length=255, help_text="for when the product is gone")
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="shared_thing_at_least_one")
        ]


class SharedTaken(models.Model):
    """A basket into which a shared one was put: the orders that came of it are found by it."""

    share = models.ForeignKey(SharedBasket, on_delete=models.CASCADE, related_name="takers")
    basket = models.ForeignKey("basket.Basket", on_delete=models.CASCADE, related_name="+")
    taken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["share", "basket"], name="shared_taken_once_per_basket")
        ]
