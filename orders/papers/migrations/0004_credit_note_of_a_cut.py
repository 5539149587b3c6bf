from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0003_invoice_per_part'),
    ]

    operations = [
        migrations.AlterField(
            model_name='document',
            name='part',
            field=models.CharField(blank=True, help_text='of the order, added or cut after its invoice', max_length=40),
        ),
        migrations.RemoveConstraint(
            model_name='document',
            name='document_credit_note_corrects',
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', True), ('kind', 'invoice'), ('refund__isnull', True)), models.Q(('corrects__isnull', False), ('kind', 'credit_note'), ('part', ''), ('refund__isnull', False)), models.Q(('corrects__isnull', False), ('kind', 'credit_note'), ('part__gt', ''), ('refund__isnull', True)), _connector='OR'), name='document_credit_note_corrects'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'credit_note'), ('part__gt', '')), fields=('order', 'part'), name='document_one_credit_note_per_part'),
        ),
    ]
