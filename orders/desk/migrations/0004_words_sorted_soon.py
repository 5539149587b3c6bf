"""A search reads what waits to be sorted into the index, up to 4 MB of it unless told otherwise."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("desk", "0003_words_of_new_lines")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER INDEX order_words SET (gin_pending_list_limit = 256)",
                    "ALTER INDEX order_words RESET (gin_pending_list_limit)",
                )
            ],
            state_operations=[
                migrations.RemoveIndex("orderwords", "order_words"),
                migrations.AddIndex(
                    "orderwords",
                    GinIndex(fields=["words"], name="order_words", gin_pending_list_limit=256),
                ),
            ],
        )
    ]
