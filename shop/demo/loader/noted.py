"""A morning of the team, so that the audit trail of the demo has something to show."""

from decimal import Decimal

from django.contrib.auth.models import Group

from catalog.facts.models import Brand
from catalog.models import Product
from catalog.pricing.services import prices_change_by
from catalog.refresh import refreshing
from crm.accounts.models import User
from crm.accounts.roles import AGENT, ANALYST, MARKETER, PRODUCT_MANAGER
from orders.models import Order, OrderNote
from orders.states import OrderState
from shop.core.audit.acting import acting, aloud
from shop.core.audit.models import Action, Origin
from shop.core.audit.services import entries_seal, entry_write

HERE, ABROAD = "203.0.113.24", "2001:db8:17:4::9"  # addresses of documentation


def noted_load(accounts: dict[str, User], *, size: str) -> None:
    """First what the loader did not note row by row, then what the team did, and the seals."""
    with aloud():
        _morning(accounts, size=size)


def _morning(accounts: dict[str, User], *, size: str) -> None:
    entry_write(
        action=Action.LOAD,
        actor=None,
        place="demo",
        new={"size": size, "orders": Order.objects.count(), "products": Product.objects.count()},
        reason="The demo was loaded; its rows are not noted one by one.",
        origin=Origin.DATABASE,
    )
    owner = accounts["Owner"]
    entry_write(
        action=Action.SIGN_IN,
        actor=owner.pk,
        place="login",
        address=HERE,
        label="accounts.user",
        key=owner.pk,
    )
    _draft_priced(accounts[PRODUCT_MANAGER])
    _brand_told(accounts[MARKETER])
    _order_noted(accounts[AGENT])
    _role_lent(owner, accounts[MARKETER])
    entries_seal()


def _draft_priced(manager: User) -> None:
    """A product that is not on sale yet, so that no shopper sees it."""
    draft = Product.objects.filter(is_public=False, stockrecords__price__isnull=False).first()
    if draft is None:
        return
    who = acting(user_id=manager.pk, place="catalogue-product", address=HERE)
    with who, prices_change_by("office", user_id=manager.pk), refreshing():
        record = draft.stockrecords.get()
        record.price += Decimal(5)
        record.save()


def _brand_told(marketer: User) -> None:
    brand = Brand.objects.order_by("pk").first()
    if brand is None:
        return
    with acting(user_id=marketer.pk, place="brand-update", address=ABROAD):
        brand.meta_title_en, brand.meta_title_zh_hans = brand.name_en, brand.name_zh_hans
        brand.save()


def _order_noted(agent: User) -> None:
    order = Order.objects.filter(status=OrderState.PAID).order_by("pk").first()
    if order is None:
        return
    with acting(user_id=agent.pk, place="order-note", address=HERE):
        OrderNote.objects.create(order=order, user=agent, message="Gift wrap, no slip.")


def _role_lent(owner: User, marketer: User) -> None:
    """Given for a campaign's figures and taken back."""
    analysts = Group.objects.get(name=ANALYST)
    with acting(user_id=owner.pk, place="team-member", address=HERE):
        marketer.groups.add(analysts)
        marketer.groups.remove(analysts)
