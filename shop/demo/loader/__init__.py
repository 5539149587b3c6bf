"""Writes the demo shop into the database, all of it or nothing."""

import datetime as dt
import random

from django.db import connection, transaction
from django.utils import timezone

from catalog.listing.services import listing_rebuild
from catalog.models import Product
from orders.models import Order
from orders.papers.selectors import orders_without_invoice
from orders.papers.services import papers_catch_up
from payments.services.booking import payments_catch_up
from shop.core.audit.acting import quietly
from shop.core.planned import planned_each_time
from shop.core.progress import progress_bar
from shop.demo.catalogue import Size, load_catalogue
from shop.demo.history import DAYS
from shop.demo.loader.abroad import abroad_load, rates_load
from shop.demo.loader.accounts import accounts_load
from shop.demo.loader.added import added_load
from shop.demo.loader.content import content_load
from shop.demo.loader.delivery import delivery_load
from shop.demo.loader.desk import desk_load, views_load
from shop.demo.loader.floor import floor_load
from shop.demo.loader.handed import handed_load
from shop.demo.loader.history import History
from shop.demo.loader.home import home_load
from shop.demo.loader.kept import kept_load
from shop.demo.loader.kinds import kinds_load
from shop.demo.loader.makers import brands_load, collections_load, listing_dates_load
from shop.demo.loader.noted import noted_load
from shop.demo.loader.offers import offers_load
from shop.demo.loader.opinions import opinions_load
from shop.demo.loader.parcels import parcels_load
from shop.demo.loader.photos import photos_load
from shop.demo.loader.plans import plans_made
from shop.demo.loader.prices import prices_load
from shop.demo.loader.products import catalogue_load, pictures_load
from shop.demo.loader.returned import returned_load
from shop.demo.loader.reviews import reviews_load
from shop.demo.loader.search import search_load
from shop.demo.loader.searches import searches_load
from shop.demo.loader.sent_back import sent_back_load
from shop.demo.loader.settled import settled_load
from shop.demo.loader.shortlists import shortlists_load
from shop.demo.loader.stock import stock_load
from shop.demo.loader.taken import taken_load
from shop.demo.loader.told import told_load
from shop.demo.loader.wanted import guides_load, wanted_load
from shop.demo.loader.watched import watched_load
from shop.demo.models import DemoLoad

HISTORY = dt.timedelta(days=DAYS + 30)  # the first shelves were filled before the first sale


class DemoRefused(Exception):
    """This database is somebody's shop."""


def demo_load(*, size: Size, seed: int) -> bool:
    """Load the demo once. False if it is here already. Raises ``DemoRefused`` on a real shop."""
    if DemoLoad.objects.exists():
        return False
    if Order.objects.exists() or Product.objects.exists():
        raise DemoRefused("There are products or orders in this database that are not the demo's.")
    now, rng = timezone.now(), random.Random(seed)
    with (
        transaction.atomic(),
        planned_each_time(),
        quietly("demo"),
        connection.cursor() as cursor,
    ):
        # Pictures are composed for longer than a request may leave its transaction waiting.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        # Thousands of rows at once, each with its triggers, take a busy machine longer than a page may.
        cursor.execute("SET LOCAL statement_timeout = 0")
        DemoLoad.objects.create(pk=1, size=size, seed=seed)
        catalogue = load_catalogue(size)
        accounts = accounts_load()
        shelved = catalogue_load(catalogue)
        delivery_load(catalogue, shelved, now=now)
        history = History(begin=now - HISTORY, rng=rng)
        plans = list(
            plans_made(catalogue, shelved, accounts["Shopper"], size=size, seed=seed, now=now)
        )
        with progress_bar(total=len(plans), label="orders") as done:
            for written in history.write(plans):
                done(written)
        stock_load(
            records=shelved.records,
            sold=history.sold,
            allocated=history.allocated,
            begin=history.begin,
            rng=rng,
        )
        offers_load(now=now)
        buyers = reviews_load(catalogue, shelved, now=now, rng=rng)
        opinions_load(catalogue, shelved, buyers, accounts=accounts, now=now, rng=rng)
        pictures_load(catalogue, shelved)
        photos_load(catalogue, shelved, rng=rng)
        brands_load(catalogue, shelved)
        guides_load(catalogue, shelved)
        wanted_load(shelved, now=now, seed=seed)
        collections_load(catalogue, shelved)
        listing_dates_load(now=now)
        prices_load(catalogue, shelved, begin=history.begin, now=now, seed=seed)
        kinds_load(catalogue, shelved)
        handed_load(shopper=accounts["Shopper"], seed=seed)
        returned_load(accounts=accounts, now=now, seed=seed)
        floor_load(accounts=accounts, now=now)
        told_load(agent=accounts["Customer-service agent"])
        taken_load(
            agent=accounts["Customer-service agent"],
            manager=accounts["Operations manager"],
            shopper=accounts["Shopper"],
            now=now,
            seed=seed,
        )
        watched_load(manager=accounts["Operations manager"], now=now)
        kept_load(shopper=accounts["Shopper"])
        rates_load(seed=seed)
        abroad_load(seed=seed)
        parcels_load(now=now, seed=seed)
        sent_back_load(accounts=accounts, now=now)
        cursor.execute("ANALYZE")  # or PostgreSQL plans for the tables as they were before, empty
        papers_load()
        payments_catch_up()
        added_load(agent=accounts["Customer-service agent"], now=now)
        settled_load(finance=accounts["Finance"], now=now)
        content_load(shelved, now=now)
        home_load(now=now)
        desk_load(now=now)
        views_load(manager=accounts["Operations manager"])
        listing_rebuild()
        search_load()
        searches_load(size=size, seed=seed, now=now)
        shortlists_load(products=shelved.products, accounts=accounts)
        noted_load(accounts, size=size)
    return True


def papers_load() -> None:
    """The invoices and credit notes of the past, dated as of the day of the money."""
    with progress_bar(total=orders_without_invoice().count(), label="papers") as done:
        papers_catch_up(as_of_payment=True, tell=done)
