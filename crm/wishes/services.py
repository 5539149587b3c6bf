"""Changing wish lists. Every call is safe twice and in two tabs at once."""

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Product
from crm.accounts.locks import member_lock
from crm.accounts.models import User
from crm.wishes.exceptions import WishRefused
from crm.wishes.models import NAME_LENGTH, Wish, WishList
from shop.core.locks import retry_on_conflict

LISTS_AT_MOST = 20
WISHES_AT_MOST = 300  # on one list


@retry_on_conflict
def wish_add(*, user: User, product: Product, wish_list_id: int | None = None) -> bool:
    """Put a product or a variant on a list, the default one if none is named. False: it was there.

    Raises ``WishRefused`` if the list is not the member's, or is full.
    """
    member_lock(user.pk)
    wish_list = _default(user) if wish_list_id is None else _own(user, wish_list_id)
    if wish_list.wishes.filter(product=product).exists():
        return False
    if wish_list.wishes.count() >= WISHES_AT_MOST:
        raise WishRefused(_("This list is full. Take something off, or begin another list."))
    Wish.objects.create(wish_list=wish_list, product=product)
    return True


@retry_on_conflict
def wish_remove(*, user: User, product_id: int, wish_list_id: int | None = None) -> bool:
    """Take it off one list, or off all of the member's. False: it was on none."""
    wishes = Wish.objects.filter(wish_list__owner=user, product=product_id)
    if wish_list_id is not None:
        wishes = wishes.filter(wish_list=wish_list_id)
    return bool(wishes.delete()[0])


@retry_on_conflict
def wish_move(*, user: User, wish_id: int, to_list_id: int) -> WishList:
    """Put a wish on another list of the member; what is on that list already stays once."""
    member_lock(user.pk)
    target = _own(user, to_list_id)
    wish = Wish.objects.filter(pk=wish_id, wish_list__owner=user).first()
    if wish is None:
        raise WishRefused(_("This is not on your list any more."))
    if wish.wish_list_id == target.pk:
        return target
    if target.wishes.filter(product=wish.product_id).exists():
        wish.delete()
        return target
    if target.wishes.count() >= WISHES_AT_MOST:
        raise WishRefused(_("This list is full. Take something off, or begin another list."))
    wish.wish_list = target
    wish.save(update_fields=["wish_list"])
    return target


@retry_on_conflict
def wish_list_make(*, user: User, name: str) -> WishList:
    """Begin a list; one of that name that is there already is returned instead."""
    member_lock(user.pk)
    name = _name(name)
    _default(user)
    lists = WishList.objects.filter(owner=user)
    if same := lists.filter(name=name).first():
        return same
    if lists.count() >= LISTS_AT_MOST:
        raise WishRefused(_("You have %(most)d lists already.") % {"most": LISTS_AT_MOST})
    return WishList.objects.create(owner=user, name=name)


@retry_on_conflict
def wish_list_rename(*, user: User, wish_list_id: int, name: str) -> WishList:
    member_lock(user.pk)
    wish_list = _own(user, wish_list_id)
    wish_list.name = _name(name)
    wish_list.save(update_fields=["name"])
    return wish_list


@retry_on_conflict
def wish_list_delete(*, user: User, wish_list_id: int) -> None:
    """The list and what is on it. The default list stays: the heart needs a place."""
    member_lock(user.pk)
    wish_list = _own(user, wish_list_id)
    if wish_list.is_default:
        raise WishRefused(_("Your first list stays; the others can go."))
    wish_list.delete()


@retry_on_conflict
def wish_list_share(*, user: User, wish_list_id: int, is_shared: bool) -> WishList:
    """Make the secret link, or end it for good: shared again, the list gets another one."""
    member_lock(user.pk)
    wish_list = _own(user, wish_list_id)
    if is_shared and not wish_list.share_key:
        wish_list.share_key = secrets.token_urlsafe(32)
    elif not is_shared:
        wish_list.share_key = ""
    wish_list.save(update_fields=["share_key"])
    return wish_list


def _default(user: User) -> WishList:
    return WishList.objects.get_or_create(owner=user, is_default=True)[0]


def _own(user: User, wish_list_id: int) -> WishList:
    found = WishList.objects.filter(owner=user, pk=wish_list_id).first()
    if found is None:
        raise WishRefused(_("This list is gone."))
    return found


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH:
        raise WishRefused(
            _("A list needs a name of at most %(length)d letters.") % {"length": NAME_LENGTH}
        )
    return name


@transaction.atomic
def wish_kept(*, user: User, product_id: int) -> Product | None:
    """What a guest wished for before signing in, put on the default list. None: it is gone."""
    product = Product.objects.public().filter(pk=product_id).first()
    if product is None:
        return None
    try:
        wish_add(user=user, product=product)
    except WishRefused:
        return None
    return product
