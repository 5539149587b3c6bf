"""The part of a product page that differs by the kind of product."""

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language

from catalog.cards import offers_of
from catalog.kinds.forms import GiftForm
from catalog.kinds.models import NextSteps
from catalog.kinds.selectors import SetView, files_offered, kind_of, set_view
from catalog.models import Kind, Product
from shop.core.money import shown


def panel_of(product: Product, *, request: Any) -> dict[str, Any]:
    """The context of `templates/kinds/_panel.html`. No query for goods."""
    kind = kind_of(product)
    makers = {
        Kind.SET: _set,
        Kind.DOWNLOAD: _download,
        Kind.SERVICE: _service,
        Kind.VOUCHER: _voucher,
    }
    if kind not in makers:
        return {}
    return {"kind": kind.value, "product": product, "request": request, **makers[kind](product)}


def _money(amount: Any, currency: str) -> str:
    return shown(amount, currency, get_language() or "en")


def _set(product: Product) -> dict[str, Any]:
    view = set_view(product)
    if view is None:
        return {"parts": []}
    return {
        "view": view,
        "parts": [_part(part, view) for part in view.parts],
        "alone": _money(view.alone, view.currency),
        "price": _money(view.price, view.currency),
        "saved": _money(view.saved, view.currency) if view.saved > 0 else "",
    }


def _part(part: Any, view: SetView) -> dict[str, Any]:
    first = part.first
    return {
        "part": part,
        "url": part.family.get_absolute_url(),
        "chosen": first.product.pk if first else 0,
        "price": _money(first.price * part.quantity, view.currency) if first else "",
        "choices": [
            {
                "id": choice.product.pk,
                "label": choice.label,
                "price": _money(choice.price, view.currency),
                "is_out": not choice.makes(part.quantity),
                "most": min(filter(None, (view.pick, choice.units)), default=1),
            }
            for choice in part.choices
        ],
    }


def _download(product: Product) -> dict[str, Any]:
    children = product.children.values_list("pk", flat=True) if product.is_parent else ()
    found = files_offered([product.pk, *children])
    files = [file for one in found.values() for file in one]
    return {
        "files": [{"file": one, "size": filesizeformat(one.size)} for one in files],
        "downloads": min((one.downloads for one in files), default=0),
        "days": min((one.days for one in files), default=0),
    }


def _service(product: Product) -> dict[str, Any]:
    steps = NextSteps.objects.filter(product=product).first()
    return {"next_steps": steps.text if steps else ""}


def _voucher(product: Product) -> dict[str, Any]:
    offers = offers_of([product])[product.pk]
    return {
        "form": GiftForm(product=product),
        "amounts": [
            {"id": offer.product.pk, "label": _money(offer.price, offer.currency)}
            for offer in sorted(offers, key=lambda one: one.price)
        ],
    }
