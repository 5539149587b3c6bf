"""An index is not kept twice: `outbox_once_per_handler` begins with the event, and nobody looks for a
part of a session's key.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_desk_counts'),
        ('sessions', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='outboxdelivery',
            name='event',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='core.outboxevent'),
        ),
        migrations.RunSQL(
            'DROP INDEX IF EXISTS django_session_session_key_c0390e0f_like',
            'CREATE INDEX IF NOT EXISTS django_session_session_key_c0390e0f_like'
            ' ON django_session (session_key varchar_pattern_ops)',
        ),
    ]
