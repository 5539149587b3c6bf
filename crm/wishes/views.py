"""Wish lists. Somebody else's list does not exist here, unless its secret link was given."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from catalog.models import Product
from crm.wishes import services
from crm.wishes.exceptions import WishRefused
from crm.wishes.handlers import WANTED
from crm.wishes.models import NAME_LENGTH, WishList
from crm.wishes.selectors import wish_list_shared, wish_lists, wishes_shown
from shop.core.redirects import next_path

PAGE_SIZE = 24
ID_DIGITS = 18  # what surely fits a bigint


def number_of(text: str) -> int:
    """An id from a form; 0, which no row has, for what cannot be one."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= ID_DIGITS
    return int(text) if is_number else 0


def own_list(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives the view the member's list; 404 for any other."""

    @login_required
    @wraps(view)
    def inner(request: HttpRequest, pk: int) -> HttpResponse:
        found = wish_lists(request.user).filter(pk=min(pk, 2**63 - 1)).first()
        if found is None:
            raise Http404
        return view(request, found)

    return inner


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The default list; there may be none yet."""
    first = wish_lists(request.user).order_by("-is_default", "pk").first()
    return _page(request, first)


@require_safe
@own_list
def list_show(request: HttpRequest, wish_list: WishList) -> HttpResponse:
    return _page(request, wish_list)


def _page(request: HttpRequest, wish_list: WishList | None, **extra: Any) -> HttpResponse:
    wishes = wish_list.wishes.select_related("product__parent") if wish_list else []
    page = Paginator(wishes, PAGE_SIZE).get_page(request.GET.get("page"))
    lists = list(wish_lists(request.user).order_by("-is_default", "made_at", "pk"))
    shown = wishes_shown(list(page.object_list)) if page.object_list else []
    context = {
        "here": "wishes",
        "wish_list": wish_list,
        "others": [one for one in lists if wish_list and one.pk != wish_list.pk],
        "wishes": shown,
        "gone": len(page.object_list) - len(shown),
        "page_obj": page,
        "tabs": [
            {
                "name": str(one),
                "url": one.get_absolute_url(),
                "count": one.number,
                "is_current": wish_list is not None and one.pk == wish_list.pk,
            }
            for one in lists
        ],
        "name_length": NAME_LENGTH,
        "share_url": _share_url(wish_list) if wish_list else "",
        **extra,
    }
    return render(request, "wishes/list.html", context)


def _share_url(wish_list: WishList) -> str:
    return (
        reverse("wishes:shared", kwargs={"key": wish_list.share_key}) if wish_list.share_key else ""
    )


@require_safe
def shared(request: HttpRequest, key: str) -> HttpResponse:
    """What a secret link shows: the things, and no more of the owner than the first name."""
    wish_list = wish_list_shared(key)
    if wish_list is None:
        raise Http404
    wishes = wish_list.wishes.select_related("product__parent")
    page = Paginator(wishes, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "wish_list": wish_list,
        "wishes": wishes_shown(list(page.object_list)),
        "page_obj": page,
        "owner_name": wish_list.owner.first_name,
    }
    return render(request, "wishes/shared.html", context)


@require_POST
@vary_on_headers("HX-Request")
def wish_change(request: HttpRequest) -> HttpResponse:
    """``add`` or ``remove`` a product. Guests sign in first and come back with it added."""
    removed = number_of(request.POST.get("remove", ""))
    wanted = removed or number_of(request.POST.get("add", ""))
    list_id = number_of(request.POST.get("list", "")) or None
    product = Product.objects.public().select_related("parent").filter(pk=wanted).first()
    if product is None and not removed:
        raise Http404
    there = next_path(request, request.POST.get("next", ""))
    there = there or (product.get_absolute_url() if product else reverse("wishes:index"))
    if not request.user.is_authenticated:
        return _sign_in(request, wanted if not removed else 0, there)
    refused, done = "", ""
    try:
        if removed:
            services.wish_remove(user=request.user, product_id=removed, wish_list_id=list_id)
            done = _("Taken off your wish list.")
        elif product is not None:
            services.wish_add(user=request.user, product=product, wish_list_id=list_id)
            done = _("%(name)s is on your wish list.") % {"name": product.get_title()}
    except WishRefused as refusal:
        refused = refusal.message
    if request.headers.get("HX-Request") == "true":
        context = {
            "product_id": wanted,
            "is_wished": not removed and not refused,
            "next": there,
            "refused": refused,
        }
        status = 422 if refused else 200
        return render(request, "wishes/_button.html", context, status=status)
    messages.add_message(request, messages.ERROR if refused else messages.SUCCESS, refused or done)
    return redirect(there)


def _sign_in(request: HttpRequest, wanted: int, there: str) -> HttpResponse:
    """To the sign-in; what was wished for waits in the session."""
    if wanted:
        request.session[WANTED] = wanted
        messages.info(request, _("Sign in, and it is on your wish list."))
    response = redirect_to_login(there)
    if request.headers.get("HX-Request") == "true":
        location = response["Location"]
        response = HttpResponse(status=204)
        response["HX-Redirect"] = location
    return response


@require_POST
@login_required
def list_make(request: HttpRequest) -> HttpResponse:
    try:
        made = services.wish_list_make(user=request.user, name=request.POST.get("name", ""))
    except WishRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("wishes:index")
    return redirect(made)


@require_POST
@own_list
def list_rename(request: HttpRequest, wish_list: WishList) -> HttpResponse:
    return _changed(
        request,
        wish_list,
        lambda: services.wish_list_rename(
            user=request.user, wish_list_id=wish_list.pk, name=request.POST.get("name", "")
        ),
        _("The name is changed."),
    )


@require_POST
@own_list
def list_share(request: HttpRequest, wish_list: WishList) -> HttpResponse:
    is_shared = request.POST.get("share") == "1"
    return _changed(
        request,
        wish_list,
        lambda: services.wish_list_share(
            user=request.user, wish_list_id=wish_list.pk, is_shared=is_shared
        ),
        _("Whoever has the link can see this list.") if is_shared else _("The link is dead."),
    )


@require_POST
@own_list
def list_delete(request: HttpRequest, wish_list: WishList) -> HttpResponse:
    try:
        services.wish_list_delete(user=request.user, wish_list_id=wish_list.pk)
    except WishRefused as refusal:
        messages.error(request, refusal.message)
        return redirect(wish_list)
    messages.success(request, _("The list is gone."))
    return redirect("wishes:index")


@require_POST
@login_required
def move(request: HttpRequest) -> HttpResponse:
    """A wish to another list of the same member."""
    there = next_path(request, request.POST.get("next", ""), reverse("wishes:index"))
    try:
        target = services.wish_move(
            user=request.user,
            wish_id=number_of(request.POST.get("wish", "")),
            to_list_id=number_of(request.POST.get("to", "")),
        )
    except WishRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Moved to “%(name)s”.") % {"name": target})
    return redirect(there)


def _changed(
    request: HttpRequest, wish_list: WishList, change: Callable[[], Any], done: str
) -> HttpResponse:
    try:
        change()
    except WishRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect(wish_list)
