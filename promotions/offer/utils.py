"""Oscar's helpers of offers; a range's name is text in its link, whatever somebody called it.

Loaded by Oscar's models, so it imports none.
"""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html


def range_anchor(product_range: Any) -> str:
    """The range's name with a link, as HTML that the back office shows as it is."""
    url = reverse("dashboard:range-update", kwargs={"pk": product_range.pk})
    return format_html('<a href="{}">{}</a>', url, product_range.name)
