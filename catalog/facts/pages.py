"""Pages about facts that many products share."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from catalog.facts.models import SizeGuide
from catalog.facts.tables import table_read
from catalog.seo.head import head_page


@require_safe
@vary_on_headers("HX-Request")
def size_guide_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A page, or its middle for the dialog of a product page."""
    guide = get_object_or_404(SizeGuide, pk=pk)
    head, rows = table_read(guide.table)
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "catalog/_guide.html" if is_fragment else "catalog/size_guide.html"
    page_head = head_page(
        request.path, name=guide.name, about=_("How to measure, and which size that is.")
    )
    context = {"guide": guide, "head": head, "rows": rows, "page_head": page_head}
    return render(request, template, context)
