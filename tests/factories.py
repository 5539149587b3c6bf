"""Makers of rows for tests. Stock goes through the ledger, so `manage.py verify` stays clean.

ProductFactory(price="12.50", stock=3, title_zh_hans="杯子", categories=[category])
parent = product_with_variants(colours={"raspberry": 3, "sage": 0})
"""

from collections.abc import Iterable
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory
from oscar.apps.address.models import Country

from catalog.models import (
    AttributeOption,
    AttributeOptionGroup,
    Category,
    Product,
    ProductAttribute,
    ProductClass,
)
from catalog.partner.models import Partner, StockRecord
from catalog.refresh import refreshing
from crm.accounts.models import User
from supply.models import Reason, Warehouse
from supply.services import stock_move


class CountryFactory(DjangoModelFactory):
    class Meta:
        model = Country
        django_get_or_create = ("iso_3166_1_a2",)

    iso_3166_1_a2 = "DE"
    iso_3166_1_a3 = "DEU"
    iso_3166_1_numeric = "276"
    printable_name = "Germany"
    name = "Federal Republic of Germany"
    is_shipping_country = True


class WarehouseFactory(DjangoModelFactory):
    """The default warehouse; made once, then found again."""

    class Meta:
        model = Warehouse
        django_get_or_create = ("is_default",)

    is_default = True
    code = "main"
    name = "Main warehouse"
    country = factory.SubFactory(CountryFactory)


class OtherWarehouseFactory(DjangoModelFactory):
    """One more that sells, in France unless told otherwise."""

    class Meta:
        model = Warehouse
        django_get_or_create = ("code",)

    code = "lyon"
    name = "Lyon"
    country = factory.SubFactory(
        CountryFactory, iso_3166_1_a2="FR", printable_name="France", name="France"
    )


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence("shopper{}@example.com".format)
    first_name = "Mei"
    last_name = "Lin"
    password = factory.django.Password("a-long-password")


class CategoryFactory(DjangoModelFactory):
    """A root, or a child with ``parent=``."""

    class Meta:
        model = Category

    name = factory.Sequence("Department {}".format)
    slug = factory.Sequence("department-{}".format)

    @classmethod
    def _create(cls, model_class, *args, parent=None, **kwargs):
        return parent.add_child(**kwargs) if parent else model_class.add_root(**kwargs)


class ProductClassFactory(DjangoModelFactory):
    class Meta:
        model = ProductClass
        django_get_or_create = ("slug",)

    name = "Things"
    slug = "things"
    requires_shipping = True
    track_stock = True


class PartnerFactory(DjangoModelFactory):
    class Meta:
        model = Partner
        django_get_or_create = ("code",)

    code = "own"
    name = "Own stock"


class StockRecordFactory(DjangoModelFactory):
    """Price and stock of a product. ``stock``: units on hand, booked in the ledger; None: uncounted."""

    class Meta:
        model = StockRecord
        skip_postgeneration_save = True

    product = factory.SubFactory("tests.factories.ProductFactory", price=None)
    partner = factory.SubFactory(PartnerFactory)
    partner_sku = factory.Sequence("SKU-{}".format)
    price_currency = "EUR"
    price = Decimal("10.00")

    @factory.post_generation
    def stock(record, create, units, **kwargs):
        units = 10 if units is None else units
        if not create:
            return
        WarehouseFactory()
        if units:
            stock_move(
                stock_record_id=record.pk,
                quantity=units,
                reason=Reason.OPENING,
                source=f"opening:{record.pk}",
            )
        else:
            StockRecord.objects.filter(pk=record.pk).update(num_in_stock=0)
        record.refresh_from_db()


class ProductFactory(DjangoModelFactory):
    """A product for sale. ``price``: None for no stock record; ``stock``: units on hand."""

    class Meta:
        model = Product
        skip_postgeneration_save = True

    title = factory.Sequence("Thing {}".format)
    slug = factory.Sequence("thing-{}".format)
    product_class = factory.SubFactory(ProductClassFactory)
    structure = Product.STANDALONE

    @factory.post_generation
    def categories(product, create, categories: Iterable[Category] | None, **kwargs):
        if create and categories:
            product.categories.set(categories)

    @classmethod
    def create(cls, price="10.00", stock=10, **kwargs):
        with refreshing():  # once for all of it: what lists and searches read is most of the cost
            product = super().create(**kwargs)
            if price is not None and not product.is_parent:
                StockRecordFactory(product=product, price=Decimal(price), stock=stock)
        return product


def option_attribute(code: str, *, name: str = "") -> ProductAttribute:
    """An attribute whose values are options, such as a colour."""
    group, _ = AttributeOptionGroup.objects.get_or_create(name=code, defaults={"code": code})
    attribute, _ = ProductAttribute.objects.get_or_create(
        product_class=ProductClassFactory(),
        code=code,
        defaults={
            "name": name or code.capitalize(),
            "type": ProductAttribute.OPTION,
            "option_group": group,
        },
    )
    return attribute


def option_set(product: Product, attribute: ProductAttribute, code: str) -> AttributeOption:
    """Give ``product`` the option ``code`` of ``attribute``."""
    option, _ = AttributeOption.objects.get_or_create(
        group=attribute.option_group,
        code=f"{attribute.code}-{code}",
        defaults={"option": code.capitalize()},
    )
    attribute.save_value(product, option)
    return option


def product_with_variants(*, price="10.00", colours: dict[str, int], **fields) -> Product:
    """A family: one variant per colour, with that many units on hand."""
    with refreshing():
        parent = ProductFactory(structure=Product.PARENT, price=None, **fields)
        colour = option_attribute("colour")
        for code, units in colours.items():
            child = ProductFactory(
                structure=Product.CHILD, parent=parent, product_class=None, price=price, stock=units
            )
            option_set(child, colour, code)
    return parent
