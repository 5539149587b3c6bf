"""Parcels of before whose carrier said that they will not arrive are not on their way any more."""

from django.db import migrations
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Now


def fail_known(apps, schema_editor):
    Label = apps.get_model("carriers", "Label")
    Shipment = apps.get_model("fulfilment", "Shipment")
    Trouble = apps.get_model("fulfilment", "Trouble")
    wrong = Label.objects.filter(
        shipment=OuterRef("pk"), state__in=("lost", "damaged", "returned"), is_return=False
    )
    rows = Shipment.objects.filter(shipped_at__isnull=False, delivered_at__isnull=True, failed="")
    rows = rows.annotate(how=Subquery(wrong.values("state")[:1])).filter(how__isnull=False)
    for pk, how in rows.values_list("pk", "how"):
        Shipment.objects.filter(pk=pk).update(failed=how, failed_at=Coalesce(F("shipped_at"), Now()))
        Trouble.objects.filter(shipment=pk, kind="lost", closed_at__isnull=True).update(kind=how)


class Migration(migrations.Migration):
    dependencies = [
        ("carriers", "0003_message_parked"),
        ("fulfilment", "0007_parcels_that_fail"),
    ]
    operations = [migrations.RunPython(fail_known, migrations.RunPython.noop)]
