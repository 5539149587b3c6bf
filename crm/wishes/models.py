"""Wish lists of members."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

NAME_LENGTH = 60


class WishList(models.Model):
    """One list of one member. The default one is where the heart puts things.

    ``share_key`` is the secret of the link that shows the list to others; empty: nobody.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wish_lists"
    )
    name = models.CharField(_("Name"), max_length=NAME_LENGTH, blank=True)
    is_default = models.BooleanField(default=False)
    share_key = models.CharField(max_length=43, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-is_default", "made_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["owner"], condition=Q(is_default=True), name="wish_list_one_default"
            ),
            models.UniqueConstraint(
                fields=["share_key"],
                condition=~Q(share_key=""),
                name="wish_list_share_key_is_unique",
            ),
            models.CheckConstraint(
                condition=Q(is_default=True) | ~Q(name=""), name="wish_list_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name or gettext("Wish list")

    def get_absolute_url(self) -> str:
        return reverse("wishes:list", kwargs={"pk": self.pk})


class Wish(models.Model):
    """A product or a variant on a list, once."""

    wish_list = models.ForeignKey(WishList, on_delete=models.CASCADE, related_name="wishes")
    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="wishes"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-added_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["wish_list", "product"], name="wish_once_per_list")
        ]
