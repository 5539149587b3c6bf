"""``{% stock_alert product %}``: the form under what is sold out."""

from django import template
from django.utils.safestring import SafeString

from catalog.models import Product
from shop.core.pagecache.holes import hole_shown

register = template.Library()


@register.simple_tag(takes_context=True)
def stock_alert(context: template.Context, product: Product) -> SafeString:
    """``product``: what is bought, a variant or a product without any."""
    return hole_shown(context.get("request"), "stock-alert", product.pk)
