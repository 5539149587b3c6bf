"""What follows from the kind of a product class."""

from typing import Any

from catalog.models import Kind, TaxClass


def kind_consequences(kind: str) -> dict[str, Any]:
    """Columns of the class that are no choice: only goods travel or are counted."""
    if kind == Kind.GOODS:
        return {}
    columns: dict[str, Any] = {"requires_shipping": False, "track_stock": False}
    return columns | ({"tax_class": TaxClass.NONE.value} if kind == Kind.VOUCHER else {})
