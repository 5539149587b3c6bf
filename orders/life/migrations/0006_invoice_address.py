from django.db import migrations, models

KINDS = [
    ("state", "Next state"),
    ("lines", "Order changed"),
    ("address", "Address changed"),
    ("invoice", "Invoice address changed"),
    ("addition", "Something added"),
    ("delivery", "Delivery changed"),
]


class Migration(migrations.Migration):
    dependencies = [("life", "0005_note_keys")]

    operations = [
        migrations.RemoveConstraint(model_name="orderevent", name="event_kind_known"),
        migrations.AlterField(
            model_name="orderevent",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=20),
        ),
        migrations.AddConstraint(
            model_name="orderevent",
            constraint=models.CheckConstraint(
                condition=models.Q(kind__in=[kind for kind, _label in KINDS]),
                name="event_kind_known",
            ),
        ),
    ]
