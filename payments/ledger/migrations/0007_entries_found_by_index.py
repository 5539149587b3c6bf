"""The check of what was booked finds entries by their index, whatever there was when it was planned.

It has no values beside it, so a connection keeps its first plan: made for an empty ledger, it read all of it for each
transaction, for as long as many are booked at once.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_reports")]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION ledger_entries_balance() SET enable_seqscan = off",
            "ALTER FUNCTION ledger_entries_balance() RESET enable_seqscan",
        )
    ]
