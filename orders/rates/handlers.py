"""What follows from a changed rate table: it is read anew, and kept pages are made anew."""

from django.db.models.signals import post_delete, post_save

from orders.rates.models import Holiday, Method, Rate, Surcharge, WorkingWeek, Zone
from orders.rates.services import rates_follow
from supply.models import Warehouse


def on_rates_changed(**kwargs: object) -> None:
    rates_follow()


for table in (Zone, Method, Rate, Surcharge, WorkingWeek, Holiday, Warehouse):
    for moment in (post_save, post_delete):
        moment.connect(on_rates_changed, sender=table, dispatch_uid=f"rates.{table.__name__}")
