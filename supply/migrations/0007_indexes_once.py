"""An index is not kept twice: unique ones begin with these columns."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partner', '0009_house_stock_in_place'),
        ('supply', '0006_bins_removed'),
    ]

    operations = [
        migrations.AlterField(
            model_name='stockmovement',
            name='stock_record',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='partner.stockrecord'),
        ),
        migrations.AlterField(
            model_name='warehousestock',
            name='stock_record',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='in_warehouses', to='partner.stockrecord'),
        ),
    ]
