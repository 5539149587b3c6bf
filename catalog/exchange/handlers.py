"""What follows from a rate, and from a sign-in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from catalog.exchange.models import Currency, ExchangeRate, MemberCurrency
from catalog.exchange.services import everything_follows
from catalog.exchange.shopper import CURRENCY_COOKIE


@receiver([post_save, post_delete], sender=Currency, dispatch_uid="exchange.currency")
@receiver([post_save, post_delete], sender=ExchangeRate, dispatch_uid="exchange.rate")
def on_rate_changed(raw: bool = False, **kwargs: object) -> None:
    everything_follows()


@receiver(user_logged_in, dispatch_uid="exchange.login")
def on_login(request: HttpRequest | None, user: Any, **kwargs: object) -> None:
    """A device on which nothing was chosen takes what the member chose elsewhere."""
    if request is None or CURRENCY_COOKIE in request.COOKIES:
        return
    chosen = MemberCurrency.objects.filter(user_id=user.pk).values_list("currency", flat=True)
    if currency := chosen.first():
        request.currency_remembered = currency  # type: ignore[attr-defined]
