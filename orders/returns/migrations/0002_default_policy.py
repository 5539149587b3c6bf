"""What holds in a new shop: 30 days for a change of mind, two years if something is wrong."""

from django.db import migrations

FREE = ["damaged", "wrong", "broken", "described"]


def default_add(apps, schema_editor):
    apps.get_model("returns", "ReturnPolicy").objects.get_or_create(
        category=None, defaults={"free_reasons": FREE}
    )


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_initial")]

    operations = [migrations.RunPython(default_add, migrations.RunPython.noop)]
