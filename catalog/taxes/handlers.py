"""What follows from a changed rate."""

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from catalog.taxes.models import TaxCountry, TaxRate
from catalog.taxes.services import taxes_follow


@receiver([post_save, post_delete], sender=TaxCountry, dispatch_uid="taxes.country")
@receiver([post_save, post_delete], sender=TaxRate, dispatch_uid="taxes.rate")
def on_tax_changed(**kwargs: object) -> None:
    taxes_follow()
