from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0012_indexes_once'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='webhookevent',
            name='webhook_refusals',
        ),
        migrations.AddIndex(
            model_name='webhookevent',
            index=models.Index(condition=models.Q(('kind__in', ('payment_intent.payment_failed', 'charge.failed', 'PAYMENT.CAPTURE.DECLINED', 'PAYMENT.CAPTURE.DENIED', 'INSTRUMENT_DECLINED'))), fields=['reference'], name='webhook_refusals'),
        ),
    ]
