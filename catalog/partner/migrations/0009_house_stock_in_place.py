"""A sale changes its stock record in place: no index has a column that changes with it, and pages keep room."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partner', '0008_house_constraints'),
    ]

    operations = [
        migrations.AlterField(
            model_name='stockrecord',
            name='date_updated',
            field=models.DateTimeField(auto_now=True, verbose_name='Date updated'),
        ),
        migrations.RunSQL(
            'ALTER TABLE partner_stockrecord SET (fillfactor = 80)',
            'ALTER TABLE partner_stockrecord RESET (fillfactor)',
        ),
    ]
