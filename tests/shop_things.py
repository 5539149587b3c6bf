"""What stands behind the shop's own addresses, for walks over all of them."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.urls import URLPattern, get_resolver, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from oscar.apps.address.models import UserAddress

from catalog.content.models import Article, Page, Topic
from catalog.facts.models import Brand, SizeGuide
from catalog.homepage.models import Notice
from catalog.models import Product
from catalog.opinions.models import Answer, Question
from catalog.reviews.models import ProductReview
from crm.alerts.models import StockAlert
from crm.alerts.tokens import alert_token
from crm.customer.services import email_change_token, register_token
from crm.signin.services import link_make
from crm.wishes.services import wish_add, wish_list_share
from orders.drafts.links import draft_token
from orders.drafts.models import Draft
from orders.handover.links import grant_token
from orders.handover.models import DownloadGrant
from orders.keeping.sharing import basket_share
from orders.links import order_token
from orders.models import Order
from orders.papers.models import Document
from orders.returns.models import Return, ReturnPhoto
from payments.wallets.links import card_token
from payments.wallets.models import GiftCard
from promotions.offer.models import ConditionalOffer, Range
from shop.core.mailing.services import stop_token
from tests.factories import CategoryFactory
from tests.sales import ADDRESS, basket_with, intent_of


def shop_addresses() -> dict[str, URLPattern]:
    """Every pattern outside the back office, by its name with its namespaces."""

    def deep(resolver: Any, spaces: tuple[str, ...]) -> Iterator[tuple[str, URLPattern]]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLPattern):
                if entry.name:
                    yield ":".join((*spaces, entry.name)), entry
            elif entry.namespace != "dashboard":
                more = (entry.namespace,) if entry.namespace else ()
                yield from deep(entry, (*spaces, *more))

    return dict(deep(get_resolver(), ()))


def shop_url(name: str, pattern: URLPattern, things: dict[str, dict[str, Any]]) -> str:
    """Its address, with the keyword arguments of the longest beginning of its name."""
    wanted = pattern.pattern.regex.groupindex or pattern.pattern.converters
    known = next(values for start, values in things.items() if name.startswith(start))
    return reverse(name, kwargs={key: known[key] for key in wanted})


def shop_things(order: Order, member: Any) -> dict[str, dict[str, Any]]:
    """Keyword arguments for every address that needs some, beside what `test_permissions.things`
    made; ``order``, which is one of those, is ``member``'s from now on."""
    Order.objects.filter(pk=order.pk).update(user=member)
    order.refresh_from_db()
    product = Product.objects.filter(structure="standalone", stockrecords__isnull=False)[0]
    family = {"product_slug": product.slug, "product_pk": product.pk}
    review = ProductReview.objects.latest("pk")
    ProductReview.objects.update(status=ProductReview.APPROVED, product=product)
    question = Question.objects.create(product=product, author=member, text="Why?", state=1)
    answer = Answer.objects.create(question=question, text="So.", state=1)
    basket = basket_with({product: 1}, owner=member)
    shared = basket_share(basket=basket, owner=member)
    wish_add(user=member, product=product)
    wishes = wish_list_share(user=member, wish_list_id=member.wish_lists.get().pk, is_shared=True)
    alert = StockAlert.objects.create(product=product, email=member.email, user=member)
    address = UserAddress.objects.create(user=member, **ADDRESS)
    back, photo = Return.objects.get(order=order), ReturnPhoto.objects.get(back__order=order)
    token = order_token(order)
    reset = urlsafe_base64_encode(force_bytes(member.pk))
    category = CategoryFactory(slug="walk")
    card, draft = GiftCard.objects.latest("pk"), Draft.objects.latest("pk")
    page = Page.objects.latest("pk")
    found = {
        "payment-return": {"key": intent_of(order).key},
        "payments:pay": {"key": intent_of(order).key},
        "payments:webhook": {"provider": "stripe"},
        "carrier-message": {"carrier": "parcelway"},
        "sitemap": {"kind": "products", "language": "en", "number": 1},
        "merchant-feed": {"language": "en"},
        "price-why": {"pk": product.stockrecords.get().pk},
        "catalogue:reviews-": {**family, "pk": review.pk},
        "catalogue:question": {**family, "pk": question.pk},
        "catalogue:answer": {**family, "pk": answer.pk},
        "catalogue:opinion-report": {**family, "kind": "review", "pk": review.pk},
        "catalogue:detail": {"product_slug": product.slug, "pk": product.pk},
        "catalogue:range": {"slug": Range.objects.latest("pk").slug},
        "catalogue:collection": {"slug": Range.objects.latest("pk").slug},
        "catalogue:category": {"category_slug": category.slug, "pk": category.pk},
        "catalogue:brand": {"slug": Brand.objects.latest("pk").slug},
        "stock-alert-": {"pk": alert.pk, "token": alert_token(alert.pk)},
        "stock-alert-ask": {"pk": product.pk},
        "size-guide": {"pk": SizeGuide.objects.latest("pk").pk},
        "basket:": {"pk": product.pk, "key": shared.key},
        "basket:line": {"pk": basket.lines.get().pk},
        "basket:aside": {"pk": basket.lines.get().pk},
        "checkout:": {"number": order.number},
        "mail-stop": {"token": stop_token(email=member.email, topic="answers")},
        "password-reset": {
            "uidb64": reset,
            "token": default_token_generator.make_token(member),
        },
        "customer:register": {"token": register_token("new@example.com")},
        "customer:signin": {"secret": link_make(user=member)},
        "customer:email": {"token": email_change_token(user=member, email="new@example.com")},
        "customer:address": {"pk": address.pk},
        "customer:": {
            "number": order.number,
            "code": back.number,
            "pk": photo.pk,
            "paper": Document.objects.get(order=order).number,
        },
        "offer:": {"slug": ConditionalOffer.objects.latest("pk").slug},
        "wishes:": {"pk": wishes.pk, "key": wishes.share_key},
        "gift-cards:": {"token": card_token(card)},
        "handover:": {"token": grant_token(DownloadGrant.objects.latest("pk"))},
        "content:guide": {"slug": Article.objects.latest("pk").slug},
        "content:topic": {"topic": Topic.objects.latest("pk").slug},
        "content:page": {"slug": page.slug, "number": 1},
        "homepage:": {"pk": Notice.objects.latest("pk").pk},
        "orders:draft": {"token": draft_token(draft)},
        "orders:": {
            "token": token,
            "code": back.number,
            "pk": photo.pk,
            "paper": Document.objects.get(order=order).number,
        },
        "": {},
    }
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))
