"""Whether a guest bought before, and what a new member ordered as a guest, is looked up at every order or sign-up."""

from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("order", "0026_house_orders_here")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(Upper("guest_email"), "id", name="order_by_guest"),
        ),
    ]
