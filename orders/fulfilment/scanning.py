"""What a scanner types: a barcode or a SKU, and Enter."""

import unicodedata

from orders.models import Line


def code_read(text: str) -> str:
    """As scanners and keyboards of all kinds write it: no spaces, one width, one case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def is_code_of(text: str, line: Line) -> bool:
    """Whether it is the barcode or the SKU of what the line sells."""
    code = code_read(text)
    known = {line.partner_sku, line.upc}
    if line.product is not None:
        known.add(line.product.upc)
    return bool(code) and code in {code_read(one) for one in known if one}
