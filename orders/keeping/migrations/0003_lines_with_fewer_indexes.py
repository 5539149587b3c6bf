"""Indexes of Oscar's basket lines that nobody reads, each written with every line.

Lines are looked for by their basket, which the index of basket and reference begins with. As in 0002
Oscar's migrations stay Oscar's.
"""

from django.db import migrations

GONE = {
    "basket_line_basket_id_b615c905": "(basket_id)",
    "basket_line_date_created_eb0dfb1b": "(date_created)",
    "basket_line_date_updated_a74d069d": "(date_updated)",
    "basket_line_line_reference_08e91113": "(line_reference)",
    "basket_line_line_reference_08e91113_like": "(line_reference varchar_pattern_ops)",
}


class Migration(migrations.Migration):
    dependencies = [("keeping", "0002_one_open_basket"), ("basket", "0012_line_code")]

    operations = [
        migrations.RunSQL(
            f"DROP INDEX IF EXISTS {name}",
            f"CREATE INDEX IF NOT EXISTS {name} ON basket_line {columns}",
        )
        for name, columns in GONE.items()
    ]
