"""The columns of a table of products: their names, what else people call them, whose they are."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ATTRIBUTE = "attr:"  # before the code of an attribute: attr:colour


@dataclass(frozen=True)
class Column:
    """``is_family``: of a family as a whole, so that one of its rows says it for all."""

    code: str
    label: str | Promise
    aliases: tuple[str, ...] = ()
    is_family: bool = False
    most: int = 255  # letters


COLUMNS = (
    Column("sku", _("SKU"), ("partner_sku", "item number", "article", "货号"), most=128),
    Column(
        "family", _("Family (the same code in each variant's row)"), ("handle", "parent", "系列")
    ),
    Column(
        "type", _("Product type"), ("product type", "class", "商品类型", "类型"), is_family=True
    ),
    Column(
        "title_en", _("Title (English)"), ("title", "name", "product", "英文标题"), is_family=True
    ),
    Column("title_zh", _("Title (Chinese)"), ("title_zh_hans", "标题", "中文标题"), is_family=True),
    Column(
        "description_en",
        _("Description (English)"),
        ("description", "text", "英文描述"),
        is_family=True,
        most=40_000,
    ),
    Column(
        "description_zh",
        _("Description (Chinese)"),
        ("description_zh_hans", "描述", "中文描述"),
        is_family=True,
        most=40_000,
    ),
    Column("brand", _("Brand"), ("vendor", "maker", "品牌"), is_family=True),
    Column(
        "categories",
        _("Categories, as “Kitchen > Cups; Gifts”"),
        ("category", "分类"),
        is_family=True,
        most=2000,
    ),
    Column("status", _("State: sale or draft"), ("state", "published", "状态"), is_family=True),
    Column("price", _("Price, tax included"), ("amount", "价格", "售价")),
    Column("stock", _("Units on hand"), ("quantity", "qty", "on hand", "库存", "数量")),
    Column("low", _("Low from (units)"), ("low_stock_threshold", "threshold", "预警库存")),
    Column("barcode", _("Bar code"), ("upc", "ean", "gtin", "isbn", "条码"), most=64),
)
BY_CODE = {column.code: column for column in COLUMNS}
FAMILY_COLUMNS = [column.code for column in COLUMNS if column.is_family]
_KNOWN = {
    name.replace(" ", "_"): column.code
    for column in COLUMNS
    for name in (column.code, *column.aliases)
}


def column_guess(head: str, attributes: set[str]) -> str:
    """Which column a head means; empty when none comes to mind."""
    name = head.strip().lower().replace(" ", "_").replace("-", "_")
    if name in _KNOWN:
        return _KNOWN[name]
    code = name.removeprefix(ATTRIBUTE)
    return f"{ATTRIBUTE}{code}" if code in attributes else ""


def columns_guess(heads: list[str], attributes: set[str]) -> list[str]:
    """The same for a whole head; each column is meant once at most."""
    found: list[str] = []
    for head in heads:
        guess = column_guess(head, attributes)
        found.append("" if guess in found else guess)
    return found
