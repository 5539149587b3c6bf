from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0002_entry_source'),
    ]

    operations = [
        migrations.AddField(
            model_name='paymentintent',
            name='pay_code',
            field=models.CharField(blank=True, help_text='text of a code to scan', max_length=500),
        ),
    ]
