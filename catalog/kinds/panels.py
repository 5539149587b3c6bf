"""The part of a product page that differs by the kind of product."""

from typing import Any

from catalog.models import Product


def panel_of(product: Product, *, request: Any) -> dict[str, Any]:
    """The context of `templates/kinds/_panel.html`; empty for goods."""
    return {}
