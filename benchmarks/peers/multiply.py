"""Further editions of a first catalogue, written by PostgreSQL itself.

The rows of edition *n* are those of the first with all keys moved by *n* times the highest first key,
so any number of products is a few statements. Works on the tables of stock Oscar and of our shop;
list rows and search documents are copied with the words of the edition added, as a rebuild would
write them.
"""

from dataclasses import dataclass, field
from typing import Any

PRICE = "round(b.{0} * (1 + mod(e * 7, 11) / 50.0), 2)"
OF_PRODUCT = "JOIN first_family f ON f.product_id = b.product_id"
ENGLISH, CHINESE = "b.{0} || ', edition ' || (e + 1)", "b.{0} || ' 第 ' || (e + 1) || ' 版'"
WORDS = """b.{0} || setweight(to_tsvector('english', 'edition ' || (e + 1)),
    CASE b.language WHEN 'en' THEN 'A' ELSE 'B' END::"char")
    || setweight(to_tsvector('simple', '第 版'),
    CASE b.language WHEN 'en' THEN 'B' ELSE 'A' END::"char")"""


@dataclass(frozen=True)
class Table:
    """``moved``: by column, the table whose keys it holds. ``changed``: SQL for other columns."""

    name: str
    family: str = OF_PRODUCT
    moved: dict[str, str] = field(default_factory=dict)
    changed: dict[str, str] = field(default_factory=dict)


PRODUCT, RECORD = "catalogue_product", "partner_stockrecord"
TABLES = (
    Table(
        PRODUCT,
        family="JOIN first_family f ON f.product_id = b.id",
        moved={"id": PRODUCT, "parent_id": PRODUCT},
        changed={
            "title": ENGLISH,
            "title_en": ENGLISH,
            "title_zh_hans": CHINESE,
            "slug": "b.{0} || '-e' || (e + 1)",
            "upc": "b.{0} || '-E' || (e + 1)",
            "code": "b.{0} || '-e' || (e + 1)",
            "priority": "0",
            "date_created": "b.{0} - e * interval '7 minutes'",
        },
    ),
    Table(
        "catalogue_productattributevalue",
        moved={"id": "catalogue_productattributevalue", "product_id": PRODUCT},
    ),
    Table(
        "catalogue_productcategory",
        moved={"id": "catalogue_productcategory", "product_id": PRODUCT},
    ),
    Table(
        "catalogue_productimage",
        moved={"id": "catalogue_productimage", "product_id": PRODUCT},
        changed={"code": "b.{0} || '-e' || (e + 1)"},
    ),
    Table(
        RECORD,
        moved={"id": RECORD, "product_id": PRODUCT},
        changed={"partner_sku": "b.{0} || '-E' || (e + 1)", "price": PRICE},
    ),
    Table(
        "supply_stockmovement",
        family=f"JOIN {RECORD} r ON r.id = b.stock_record_id"
        " JOIN first_family f ON f.product_id = r.product_id",
        moved={"id": "supply_stockmovement", "stock_record_id": RECORD},
    ),
    Table("facts_productfacts", moved={"product_id": PRODUCT}),
    Table(
        "listing_listedproduct",
        moved={"product_id": PRODUCT},
        changed={
            "price": PRICE,
            "price_before": PRICE,
            "priority": "0",
            "listed_at": "b.{0} - e * interval '7 minutes'",
        },
    ),
    Table(
        "finding_searchdocument",
        moved={"id": "finding_searchdocument", "product_id": PRODUCT},
        changed={
            "title": f"CASE b.language WHEN 'en' THEN {ENGLISH} ELSE {CHINESE} END",
            "title_folded": "b.{0} || CASE b.language WHEN 'en' THEN ' edition ' || (e + 1)"
            " ELSE ' 第 ' || (e + 1) || ' 版' END",
            "words": WORDS,
            "names": WORDS,
            "codes": "ARRAY(SELECT code || '-E' || (e + 1) FROM unnest(b.{0}) AS code)",
            "digest": "md5(b.{0} || e)",
        },
    ),
)
FIRST = """
    CREATE TABLE first_family AS
    SELECT id AS product_id, dense_rank() OVER (ORDER BY COALESCE(parent_id, id)) AS place
    FROM catalogue_product
"""
COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position
"""
SLOW_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename = %s AND indexdef LIKE '%%USING gin%%'
"""
FOREIGN_KEYS = """
    SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = to_regclass(%s)
"""


def first_remember(cursor: Any) -> None:
    """Take what is there as the first edition. Foreign keys of what is copied are not checked again."""
    cursor.execute(FIRST)
    cursor.execute("CREATE TABLE first_keys (name text PRIMARY KEY, key bigint)")
    for table in _present(cursor):
        key = next(iter(table.moved))
        cursor.execute(
            f"INSERT INTO first_keys SELECT %s, COALESCE(MAX({key}), 0) FROM {table.name}",
            [table.name],
        )
        for name in _column(cursor, FOREIGN_KEYS, table.name):
            cursor.execute(f'ALTER TABLE {table.name} DROP CONSTRAINT "{name}"')


def families_fill(cursor: Any, *, families: int) -> None:
    """Bring the shop from what it has to ``families`` products; fewer are left as they are."""
    cursor.execute("SET statement_timeout = 0")
    cursor.execute("SET maintenance_work_mem = '512MB'")
    cursor.execute("SET synchronous_commit = off")
    present = families_count(cursor)
    cursor.execute("SELECT name, key FROM first_keys")
    first_keys = dict(cursor.fetchall())
    for table in _present(cursor):
        cursor.execute(SLOW_INDEXES, [table.name])
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        sql = _copy(table, _column(cursor, COLUMNS, table.name), first_keys)
        cursor.execute(sql, {"present": present, "wanted": families})
        for _name, definition in indexes:
            cursor.execute(definition)
        _sequence_set(cursor, table)


def families_count(cursor: Any) -> int:
    cursor.execute(f"SELECT COUNT(*) FROM {PRODUCT} WHERE parent_id IS NULL")
    return cursor.fetchone()[0]


def _copy(table: Table, columns: list[str], first_keys: dict[str, int]) -> str:
    values = []
    for column in columns:
        if column in table.moved:
            values.append(f"b.{column} + e * {first_keys[table.moved[column]]}")
        elif column in table.changed:
            values.append(table.changed[column].format(column))
        else:
            values.append(f"b.{column}")
    key = next(iter(table.moved))
    return f"""
        INSERT INTO {table.name} ({", ".join(columns)})
        SELECT {", ".join(values)}
        FROM {table.name} b {table.family}
        CROSS JOIN (SELECT MAX(place) AS number FROM first_family) AS first
        CROSS JOIN LATERAL generate_series(
            GREATEST(1, (%(present)s - f.place) / first.number + 1),
            (%(wanted)s - f.place) / first.number
        ) AS e
        WHERE b.{key} <= {first_keys[table.name]}
        ORDER BY e, b.{key}
    """


def _sequence_set(cursor: Any, table: Table) -> None:
    if "id" in table.moved:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT MAX(id) FROM {table.name}))",
            [table.name],
        )


def _present(cursor: Any) -> list[Table]:
    return [table for table in TABLES if _column(cursor, COLUMNS, table.name)]


def _column(cursor: Any, sql: str, name: str) -> list[str]:
    cursor.execute(sql, [name])
    return [row[0] for row in cursor.fetchall()]
