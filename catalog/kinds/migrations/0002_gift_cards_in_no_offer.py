"""Variants of gift cards were in offers: 200 was sold for 185."""

from django.db import migrations


def variants_leave_offers(apps, schema_editor):
    apps.get_model("catalogue.product").objects.filter(
        parent__product_class__kind="voucher", is_discountable=True
    ).update(is_discountable=False)


class Migration(migrations.Migration):
    dependencies = [("kinds", "0001_initial")]
    operations = [migrations.RunPython(variants_leave_offers, migrations.RunPython.noop)]
