"""An invoice may be for a company, above the name of a person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("order", "0027_house_order_by_guest")]

    operations = [
        migrations.AddField(
            model_name="billingaddress",
            name="company",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="Company"),
            preserve_default=False,
        ),
    ]
