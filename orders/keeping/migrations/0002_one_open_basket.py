"""One open basket for each member, held by the database.

The index stands here and not in the basket's own model, so that Oscar's migrations stay Oscar's.
Whoever has two gets what is in both of them in the newer one.
"""

from django.db import migrations
from django.db.models import Count

INDEX = "basket_one_open_per_owner"


def baskets_join(apps, schema_editor):
    Basket = apps.get_model("basket", "Basket")
    owners = (
        Basket.objects.filter(status="Open", owner__isnull=False)
        .order_by()
        .values("owner")
        .annotate(number=Count("pk"))
        .filter(number__gt=1)
    )
    for row in owners:
        keep, *others = Basket.objects.filter(status="Open", owner=row["owner"]).order_by("-pk")
        for other in others:
            have = keep.lines.values_list("line_reference", flat=True)
            other.lines.exclude(line_reference__in=list(have)).update(basket=keep)
            other.status = "Merged"
            other.save(update_fields=["status"])


class Migration(migrations.Migration):
    dependencies = [("keeping", "0001_initial"), ("basket", "0012_line_code")]

    operations = [
        migrations.RunPython(baskets_join, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(
            f"CREATE UNIQUE INDEX {INDEX} ON basket_basket (owner_id) WHERE status = 'Open'",
            f"DROP INDEX {INDEX}",
        ),
    ]
