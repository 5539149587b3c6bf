"""``{% address_kept form %}`` and ``{% details_kept form address %}``: forms that nobody has sent yet.

Such a form follows from its country, what is chosen in it and which of its fields are filled; what is written
there stands in slots. So it is drawn once, as are the many widgets in it. A form that was sent is drawn each time:
what was wrong with it is said in it.
"""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from orders.checkout.forms import AddressForm, GuestForm, InvoiceForm
from shop.core.fragments import fragment_filled

register = template.Library()


@register.simple_tag(takes_context=True)
def address_kept(context: Context, form: AddressForm) -> SafeString:
    """The country and under it its fields, of a fresh form."""
    values = {"path": context["request"].path, **_values(form)}
    return fragment_filled("oscar/checkout/_address_kept.html", values, form.written)


@register.simple_tag(takes_context=True)
def details_kept(
    context: Context, form: GuestForm, address: AddressForm | None, invoice: InvoiceForm
) -> SafeString:
    """The whole first step of a guest. ``address``: None where nothing is sent; nothing is written in
    ``invoice``."""
    values = {"path": context["request"].path}
    if address:
        values |= {**_values(address), "billed": invoice.country_code}
    slots = {"csrf_token": context["csrf_token"], **(address.written if address else {})}
    if email := form.initial.get("email"):
        slots["email"] = email
    return fragment_filled("oscar/checkout/_details_kept.html", values, slots)


@register.simple_tag(takes_context=True)
def address_marked(context: Context) -> AddressForm:
    """In a kept fragment: the form with marks where the slots are filled."""
    flat = context.flatten()
    return AddressForm(initial=flat, country=flat["country"], auto_id=flat["auto_id"])


@register.simple_tag
def invoice_fresh(country: str) -> InvoiceForm:
    return InvoiceForm(country=country)


@register.simple_tag(takes_context=True)
def details_marked(context: Context) -> GuestForm:
    return GuestForm(initial=context.flatten())


def _values(form: AddressForm) -> dict[str, Any]:
    return {
        "country": form.country_code,
        "countries": form.countries,
        "auto_id": form.auto_id,
        **form.chosen,
    }
