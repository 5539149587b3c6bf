"""What is due about one order is found together."""

import django.db.models.fields.json
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_indexes_once'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='outboxevent',
            index=models.Index(django.db.models.fields.json.KT('payload__order_number'), name='outbox_event_of_order'),
        ),
    ]
