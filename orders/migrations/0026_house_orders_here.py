"""Orders that have not left are few and old among a million: an index of their own leads to those that are late."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("order", "0025_house_indexes_once")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("status__in", ("pending", "paid", "packed"))),
                fields=["-date_placed", "-id"],
                name="order_here",
            ),
        ),
    ]
