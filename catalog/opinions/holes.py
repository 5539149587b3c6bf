"""Reviews and questions on a product page, as this visitor sees them."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from catalog.models import Product
from catalog.opinions.pages import section_shown
from shop.core.pagecache.holes import hole_register
from shop.core.visitor_holes import part_shown


def opinions_section(request: Any, family_id: int) -> str:
    """Three queries; for a member, who has own votes and a review that may wait, two more.

    A page that has read the product lends it as ``request.family``, and what it read of its opinions as
    ``request.family_opinions``.
    """
    user = getattr(request, "user", None) or AnonymousUser()
    family, section = getattr(request, "family", None), getattr(request, "family_opinions", None)
    if family is None or family.pk != family_id:
        family, section = Product.objects.get(pk=family_id), None
    return part_shown(
        "opinions/_section.html",
        request,
        product=family,
        user=user,
        shop_name=settings.OSCAR_SHOP_NAME,
        **(section or section_shown(family, user=user)),
    )


def register() -> None:
    hole_register("opinions", opinions_section, is_members=True)
