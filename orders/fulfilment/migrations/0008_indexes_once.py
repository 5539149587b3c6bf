"""An index is not kept twice: unique ones begin with these columns."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fulfilment', '0007_parcels_that_fail'),
    ]

    operations = [
        migrations.AlterField(
            model_name='consignment',
            name='wave',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consignments', to='fulfilment.wave'),
        ),
        migrations.AlterField(
            model_name='consignmentline',
            name='consignment',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='fulfilment.consignment'),
        ),
    ]
