import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0007_intent_origin'),
    ]

    operations = [
        migrations.AddField(
            model_name='paymentintent',
            name='is_taken_in_parts',
            field=models.BooleanField(default=False, help_text='its provider said that it may be captured more than once'),
        ),
        migrations.AlterField(
            model_name='paymententry',
            name='kind',
            field=models.CharField(choices=[('authorised', 'Authorised'), ('captured', 'Captured'), ('refunded', 'Refunded'), ('released', 'Released'), ('cancelled', 'Cancelled'), ('failed', 'Refused')], max_length=20),
        ),
        migrations.CreateModel(
            name='Capture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='once for each payment', max_length=80)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12)),
                ('is_final', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('pending', 'To be taken'), ('done', 'Taken'), ('refused', 'Refused')], default='pending', max_length=20)),
                ('reference', models.CharField(blank=True, max_length=200)),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='without a clear answer')),
                ('refusals', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('intent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='captures', to='payments.paymentintent')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['due_at', 'id'], name='capture_pending')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('amount__lt', 10000000000)), name='capture_not_negative'), models.UniqueConstraint(fields=('intent', 'key'), name='capture_once_per_key'), models.UniqueConstraint(condition=models.Q(('is_final', True)), fields=('intent',), name='capture_one_final')],
            },
        ),
    ]
