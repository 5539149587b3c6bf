"""A provider's settlement as a table: pasted or uploaded, all of it or nothing, in whichever of the
formats of `payments.ledger.readers` its head is."""

from django.utils.translation import gettext as _

from payments.ledger.exceptions import SettlementRefused
from payments.ledger.readers import READERS
from payments.ledger.readers.base import SettlementRow
from payments.ledger.readers.house import COLUMNS

__all__ = ["COLUMNS", "SettlementRow", "settlement_read"]


def settlement_read(text: str, *, gateway_code: str = "") -> list[SettlementRow]:
    """The rows of ``text``. Raises ``SettlementRefused`` with every error and the number of its row.

    ``gateway_code``: whose settlement it is said to be; another provider's report is refused.
    """
    if "\x00" in text:
        raise SettlementRefused([_("This is not a table of text.")])
    text = text.removeprefix("\ufeff")
    reader = next(one for one in READERS if one.knows(text))
    if reader.gateway and gateway_code and reader.gateway != gateway_code:
        facts = {"name": reader.name}
        raise SettlementRefused(
            [_("This is a report of %(name)s. Please choose it above.") % facts]
        )
    return reader.read(text)
