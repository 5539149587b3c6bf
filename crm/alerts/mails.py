"""Mails about what is back, in the language in which the reader asked."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from crm.alerts.models import StockAlert
from crm.alerts.tokens import alert_token
from shop.core.mail import mail_queue


def confirm_queue(alert: StockAlert) -> None:
    """Asks the mail box for a yes. One mail a minute at most, however often it is asked for."""
    stamp = timezone.now().strftime("%Y%m%d%H%M")
    _queue(alert, kind="stock_alert_confirm", key=f"stock-alert-confirm:{alert.pk}:{stamp}")


def back_queue(alert: StockAlert) -> None:
    _queue(alert, kind="stock_alert_back", key=f"stock-alert-back:{alert.pk}")


def _queue(alert: StockAlert, *, kind: str, key: str) -> None:
    with translation.override(alert.language):
        product = alert.product
        family = product.parent if product.is_child else product
        query = f"?variant={product.pk}" if product.is_child else ""
        context = {
            "title": product.get_title(),
            "url": settings.PUBLIC_URL + family.get_absolute_url() + query,
            "confirm_url": _link("stock-alert-confirm", alert),
            "stop_url": _link("stock-alert-stop", alert),
        }
    mail_queue(
        key=key,
        kind=kind,
        to=alert.email,
        language=alert.language,
        context=context,
        unsubscribe_url=context["stop_url"],
    )


def _link(name: str, alert: StockAlert) -> str:
    return settings.PUBLIC_URL + reverse(name, args=[alert_token(alert.pk)])
