"""What stands in the database, to see whether something changed it."""

from django.db import connection


def tables_now() -> dict[str, str]:
    """A fingerprint of every table but sessions."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names() if "session" not in name]
        found = {}
        for table in tables:
            cursor.execute(
                f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t'
            )
            found[table] = cursor.fetchone()[0]
    return found
