"""Papers as downloads."""

from io import BytesIO

from django.http import FileResponse
from django.utils.cache import patch_cache_control

from orders.papers.models import Document
from orders.papers.printing import print_pdf
from orders.papers.wording import printed


def document_pdf(paper: Document) -> bytes:
    """The same bytes whenever it is asked for. Raises ``PrintingFailed``."""
    return print_pdf(layout="paper", data=printed(paper), at=paper.issued_at)


def pdf_response(pdf: bytes, *, name: str) -> FileResponse:
    """A download that no browser and no proxy keeps. ``name``: without ``.pdf``."""
    response = FileResponse(
        BytesIO(pdf), as_attachment=True, filename=f"{name}.pdf", content_type="application/pdf"
    )
    patch_cache_control(response, private=True, no_store=True)
    return response
