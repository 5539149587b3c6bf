"""An index is not kept twice: unique ones begin with these columns."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0004_credit_note_of_a_cut'),
        ('payments', '0012_indexes_once'),
    ]

    operations = [
        migrations.AlterField(
            model_name='document',
            name='refund',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='payments.refund'),
        ),
        migrations.AlterField(
            model_name='document',
            name='series',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='papers.series'),
        ),
    ]
