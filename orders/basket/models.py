"""Oscar's basket, with lines whose parts add up to the cent."""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from oscar.apps.basket.abstract_models import AbstractBasket, AbstractLine

from catalog.exchange.rates import Exchange, own_exchange
from catalog.partner.strategy import ShopStrategy
from catalog.pictures.selectors import first_picture
from catalog.pricing.lists import has_list_prices, list_prices_together
from promotions.offer.applicator import Applicator
from promotions.voucher.models import Voucher
from shop.core.money import ZERO, reduction, shares
from shop.core.planned import planned_rows
from shop.core.prepared import INTEGER, INTEGERS, Prepared, narrowed

ADD = """
INSERT INTO basket_line (
    basket_id, line_reference, product_id, stockrecord_id, quantity,
    price_currency, price_excl_tax, price_incl_tax, tax_code, date_created, date_updated
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (basket_id, line_reference) DO UPDATE
SET quantity = basket_line.quantity + excluded.quantity, date_updated = excluded.date_updated
RETURNING id, quantity, date_created = date_updated
"""
UNITS = """
SELECT coalesce(sum(quantity) FILTER (WHERE product_id <> %s), 0),
       coalesce(sum(quantity) FILTER (WHERE product_id = %s), 0)
FROM basket_line WHERE basket_id = %s
"""
SUBMIT = "UPDATE basket_basket SET status = %s, date_submitted = %s WHERE id = %s RETURNING id"


def line_values(line: "Line") -> list[Any]:
    """Of its columns after the key, in the order of `ADD`."""
    return [getattr(line, field.attname) for field in Line._meta.local_concrete_fields[1:]]


class Basket(AbstractBasket):
    """A basket that reads its lines with all that pricing them needs, in a fixed number of queries."""

    #: The strategy by whose terms its offers were applied; None while nobody did.
    priced_by: ShopStrategy | None = None
    #: Units in it, for who has just counted them under its lock.
    units_counted: int | None = None
    #: Of each line, whether it goes in a parcel, where that was read with the basket.
    sent: list[bool] | None = None
    #: Lines that were read together with it and are not priced yet.
    _read_with: list["Line"] | None = None

    class Meta(AbstractBasket.Meta):
        abstract = False

    def price(self, strategy: ShopStrategy, *, user: Any, request: Any = None) -> None:
        """Price the lines by ``strategy`` and apply the offers, as the database says it now.

        In one request a basket that was priced by the same terms stays as it is; without a
        ``request`` it is always done anew.
        """
        before = self.strategy if self.has_strategy else None
        is_priced = self.priced_by is not None
        if is_priced and request is not None and self.priced_by.has_terms_of(strategy):
            return
        if is_priced or (before and before.exchange != strategy.exchange):
            self.reset_offer_applications()
        self.strategy = strategy
        for line in self.all_lines():
            line.__dict__.pop("_info", None)  # what another strategy said of it
        Applicator().apply(self, user, request)

    def get_stock_info(self, product: Any, options: Any) -> Any:
        """Oscar's; whoever has asked just now need not ask again."""
        known = self.__dict__.pop("stock_info_known", None)
        return known if known is not None else super().get_stock_info(product, options)

    def add_product(
        self, product: Any, quantity: int = 1, options: Any = None
    ) -> tuple["Line", bool]:
        """Oscar's; a line without options is written in one statement, without signals."""
        info = None if options or self.pk is None else self.get_stock_info(product, options)
        line = self.line_of(product, info, quantity) if info else None
        if line is None:
            return super().add_product(product, quantity, options)  # which says what is wrong
        line.pk, line.quantity, is_new = planned_rows(ADD, line_values(line))[0]
        line._state.adding, line._state.db = False, self._state.db
        self.reset_offer_applications()
        return line, is_new

    def line_of(self, product: Any, info: Any, quantity: int) -> "Line | None":
        """A line without options that is not written yet; None if ``info`` has no price in its currency."""
        price = info.price
        if not price.exists or not info.stockrecord or price.currency != self.currency:
            return None
        now = timezone.now()
        return Line(
            basket=self,
            line_reference=self._create_line_reference(product, info.stockrecord, None),
            product=product,
            stockrecord=info.stockrecord,
            quantity=max(0, quantity),
            price_currency=price.currency,
            price_excl_tax=price.excl_tax,
            price_incl_tax=price.incl_tax if price.is_tax_known else None,
            tax_code=price.tax_code,
            date_created=now,
            date_updated=now,
        )

    def units(self, *, product_id: int = 0) -> tuple[int, int]:
        """How many units of other products and of this one lie in it. One query, whatever was read before."""
        others, same = planned_rows(UNITS, [product_id, product_id, self.pk])[0]
        return others, same

    @property
    def units_known(self) -> int | None:
        """How many units lie in it, where whoever read or changed it knows that; None: ask `units`."""
        if self.units_counted is not None:
            return self.units_counted
        known = self._lines if self._lines is not None else self._read_with
        return None if known is None else sum(line.quantity for line in known)

    def submit(self) -> None:
        """Oscar's, two columns instead of all."""
        self.status, self.date_submitted = self.SUBMITTED, timezone.now()
        planned_rows(SUBMIT, [self.status, self.date_submitted, self.pk])

    def vouchers_known(self, vouchers: list[Any]) -> None:
        """Whoever asks for its vouchers from now on gets these rows, without a query."""
        self._prefetched_objects_cache = {
            **getattr(self, "_prefetched_objects_cache", {}),
            "vouchers": narrowed(Voucher, vouchers, basket=self),
        }

    def reset_offer_applications(self) -> None:
        super().reset_offer_applications()
        self.priced_by = self.units_counted = self.sent = self._read_with = None

    @property
    def _exchange(self) -> Exchange:
        """That of its strategy; a basket that nobody prices is in the shop's own currency."""
        return self.strategy.exchange if self.has_strategy else own_exchange()

    @property
    def currency(self) -> str:
        """The shopper's, until an order fixes it. Oscar asks the first line."""
        return self._exchange.currency

    @property
    def shown_total(self) -> Decimal:
        """What the lines come to as shown, discounts taken off; minimums are compared with it."""
        return sum((line.shown_price or ZERO for line in self.all_lines()), ZERO)

    @property
    def shown_before(self) -> Decimal:
        """The same without discounts."""
        return sum((line.shown_before or ZERO for line in self.all_lines()), ZERO)

    def all_lines(self):
        is_new = self.id is not None and self._lines is None
        if is_new:
            self._lines = self._lines_read()
        lines = super().all_lines()
        if is_new:
            list_prices_together(line.stockrecord for line in lines)
        return lines

    def lines_ahead(self) -> list["Line"]:
        """Its lines as plain rows, for who looks at them before they are priced: they are the ones that
        will be priced, until `lines_forget`. One query. Each knows whether its basket ``has_coupons``."""
        if self._read_with is None:
            self._read_with = _lines_and_coupons_of.read(basket=self.pk)
        return self._read_with

    def lines_forget(self) -> None:
        """They are read anew by whoever asks next."""
        self._read_with = None

    def _lines_read(self) -> QuerySet["Line"]:
        """One query, two where there are choices: hardly anything is asked as often in a checkout."""
        found = self._read_with
        if found is None:
            found = _lines_of.read(basket=self.pk)
        self._read_with = None
        by_line: dict[int, list[Any]] = defaultdict(list)
        asked = [line.pk for line in found if line.has_choices]
        for one in _attributes_of.read(ids=asked) if asked else ():
            by_line[one.line_id].append(one)
        for line in found:
            line.basket = self
            if line.stockrecord:
                line.stockrecord.has_list_prices = line.has_list_prices
            mine = narrowed(LineAttribute, by_line[line.pk], line=line)  # noqa: F405
            line._prefetched_objects_cache = {"attributes": mine}
        return narrowed(Line, found, "pk", basket=self)


class Line(AbstractLine):
    """A basket line. Money is rounded once, here: tax is reckoned on the line as it is shown."""

    #: Its own and its family's first one, where they were read with it (`guest_basket`).
    picture: dict[str, Any] | None = None
    family_picture: dict[str, Any] | None = None

    class Meta(AbstractLine.Meta):
        abstract = False

    @property
    def pictures(self) -> tuple[dict[str, Any] | None, ...] | None:
        """Both; None where they were not read with it."""
        return (self.picture, self.family_picture) if "picture" in vars(self) else None

    def discount(self, discount_value, affected_quantity, incl_tax=True, offer=None) -> None:
        """Oscar hands over 15 % of 9.99 as 1.4985; whole units are taken, never more than is left."""
        left = self.shown_before - self.discounts.incl_tax
        value = reduction(discount_value, left=left, currency=self.purchase_info.price.currency)
        super().discount(value, affected_quantity, incl_tax=incl_tax, offer=offer)

    @property
    def shown_before(self) -> Decimal | None:
        """What all units cost as shown: with tax, or without where it is added. No discounts."""
        price = self.purchase_info.price
        return price.effective_price * self.quantity if price.exists else None

    @property
    def shown_price(self) -> Decimal | None:
        """The same with what offers took off."""
        before = self.shown_before
        return None if before is None else max(ZERO, before - self.discounts.incl_tax)

    @property
    def line_price_incl_tax(self) -> Decimal | None:
        return self._sums(self.shown_before)[0]

    @property
    def line_price_excl_tax(self) -> Decimal | None:
        return self._sums(self.shown_before)[1]

    @property
    def line_price_incl_tax_incl_discounts(self) -> Decimal | None:
        return self._sums(self.shown_price)[0]

    @property
    def line_price_excl_tax_incl_discounts(self) -> Decimal | None:
        return self._sums(self.shown_price)[1]

    def get_price_breakdown(self) -> list[tuple[Decimal, Decimal, int]]:
        """``(unit gross, unit net, quantity)`` whose products add up to the line, to the cent."""
        gross = self.line_price_incl_tax_incl_discounts
        net = self.line_price_excl_tax_incl_discounts
        currency = self.purchase_info.price.currency
        if gross is None or net is None:
            return []
        per_unit = [1] * self.quantity
        units = zip(shares(gross, per_unit, currency), shares(net, per_unit, currency), strict=True)
        return [(unit[0], unit[1], count) for unit, count in Counter(units).items()]

    def _sums(self, shown: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
        """With and without tax, rounded once for the line."""
        return (None, None) if shown is None else self.purchase_info.price.sums(shown)


from oscar.apps.basket.models import *  # noqa: E402,F403


def guest_basket(basket_id: int, *, is_filled: bool = False) -> Basket | None:
    """Nobody's open basket, or None. One query; whether it has coupons is known with it.

    ``is_filled``: its lines are read by the same query, for a page that shows them or their number.
    """
    lines = _guests_lines.read(pk=basket_id) if is_filled else []
    for basket in [lines[0].basket] if lines else _guests.read(pk=basket_id):
        basket._read_with = lines or None
        if not (lines[0] if lines else basket).has_coupons:
            basket.vouchers_known([])
        return basket
    return None


def _has_coupons(basket: OuterRef) -> Exists:
    return Exists(Basket.vouchers.through.objects.filter(basket=basket))


IS_SENT = Coalesce(
    "product__parent__product_class__requires_shipping",
    "product__product_class__requires_shipping",
)


def lines_sent(basket: Basket) -> list[bool]:
    """Of each line, whether it goes in a parcel. At most one small query: nothing is priced for it."""
    if basket.sent is None:
        basket.sent = [is_sent for (is_sent,) in _sent_of.read(basket=basket.pk)]
    return basket.sent


_guests: Prepared[Basket] = Prepared(
    lambda pk: Basket.objects.filter(pk=pk, owner=None, status=Basket.OPEN).annotate(
        has_coupons=_has_coupons(OuterRef("pk")),
        sent=ArraySubquery(
            Line.objects.filter(basket=OuterRef("pk")).order_by("pk").values_list(IS_SENT)
        ),
    ),
    pk=INTEGER,
)


_sent_of: Prepared[tuple[bool]] = Prepared(
    lambda basket: Line.objects.filter(basket=basket).order_by("pk").values_list(IS_SENT),
    basket=INTEGER,
)


def _priceable(lines: QuerySet[Line]) -> QuerySet[Line]:
    """With all that pricing them needs."""
    return (
        lines.select_related(
            "product__product_class",
            "product__load",
            "product__parent__product_class",
            "product__parent__load",
            "stockrecord__partner",
        )
        .annotate(
            has_choices=Exists(LineAttribute.objects.filter(line=OuterRef("pk"))),  # noqa: F405
            has_list_prices=has_list_prices("stockrecord"),
        )
        .order_by("pk")
    )


_lines_of: Prepared[Line] = Prepared(
    lambda basket: _priceable(Line.objects.filter(basket=basket)), basket=INTEGER
)
_lines_and_coupons_of: Prepared[Line] = Prepared(
    lambda basket: _priceable(Line.objects.filter(basket=basket)).annotate(
        has_coupons=_has_coupons(OuterRef("basket"))
    ),
    basket=INTEGER,
)
_guests_lines: Prepared[Line] = Prepared(
    lambda pk: (
        _priceable(Line.objects.filter(basket=pk, basket__owner=None, basket__status=Basket.OPEN))
        .select_related("basket")
        .annotate(
            has_coupons=_has_coupons(OuterRef("basket")),
            picture=first_picture("product"),
            family_picture=first_picture("product__parent"),
        )
    ),
    pk=INTEGER,
)
_attributes_of: Prepared[LineAttribute] = Prepared(  # noqa: F405
    lambda ids: LineAttribute.objects.filter(line__in=ids).order_by("pk"),  # noqa: F405
    ids=INTEGERS,
)
