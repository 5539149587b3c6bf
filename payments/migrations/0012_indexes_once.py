"""An index is not kept twice: `entry_once_per_reference` begins with the intent."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0011_webhook_refusals'),
    ]

    operations = [
        migrations.AlterField(
            model_name='paymententry',
            name='intent',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='payments.paymentintent'),
        ),
    ]
