"""Reading, writing and rating reviews."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from catalog.models import Product
from catalog.opinions.exceptions import AlreadyReviewed, NoMoreEdits, OwnOpinion
from catalog.opinions.forms import ReviewForm
from catalog.opinions.heads import review_head, reviews_head
from catalog.opinions.models import Action, HistoryEntry, Kind, State
from catalog.opinions.pages import reviews_page
from catalog.opinions.photos import photo_of
from catalog.opinions.selectors.reviews import review_by, reviews_of, reviews_ready
from catalog.opinions.selectors.summary import ReviewFilters
from catalog.opinions.services import reviews as services
from catalog.opinions.views.shared import (
    VOTES,
    WRITES,
    address_of,
    family_of,
    is_full,
    is_htmx,
    moved,
    number_of,
    refused,
    sign_in,
    too_many,
)
from catalog.pictures.selectors import with_picture
from catalog.reviews.models import ProductReview


@require_safe
@vary_on_headers("HX-Request")
def reviews_list(request: HttpRequest, product_slug: str, product_pk: str) -> HttpResponse:
    """All reviews of a product. htmx gets the list alone, or with ``part=more`` the next rows."""
    product = family_of(product_pk)
    if there := moved(request, address_of(product, "reviews-list")):
        return there
    context = {"product": product, **reviews_page(product, request.GET, user=request.user)}
    template = "opinions/reviews.html"
    if is_htmx(request):
        is_more = request.GET.get("part") == "more"
        template = "opinions/_more.html" if is_more else "opinions/_browser.html"
    else:
        context["page_head"] = reviews_head(product, context)
    return render(request, template, context)


@require_safe
def review_detail(
    request: HttpRequest, product_slug: str, product_pk: str, pk: str
) -> HttpResponse:
    """One review with an address of its own."""
    product = family_of(product_pk)
    key = number_of(pk)
    if there := moved(request, address_of(product, "reviews-detail", pk=key)):
        return there
    rows = reviews_of(product, ReviewFilters(), user=request.user, only=key)
    found = reviews_ready(rows, product)
    if not found:
        raise Http404
    context = {
        "product": product,
        "review": found[0],
        "page_head": review_head(product, request.path),
    }
    return render(request, "opinions/review.html", context)


@method_decorator([never_cache, vary_on_headers("Cookie")], name="dispatch")
class ReviewWrite(View):
    """The one review of a member about a product: written here, and changed here."""

    product: Product
    review: ProductReview | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.product = family_of(kwargs["product_pk"])
        if not request.user.is_authenticated:
            return sign_in(request, address_of(self.product, "reviews-add"))
        self.review = review_by(request.user, self.product)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if there := moved(request, address_of(self.product, "reviews-add")):
            return there
        stars = request.GET.get("stars", "")
        first = {"score": stars if stars in {"1", "2", "3", "4", "5"} else None}
        if self.review:
            first = {
                "score": self.review.score,
                "title": self.review.title,
                "text": self.review.body,
            }
        return self.page(ReviewForm(initial=first, kept=self.photos_kept()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if is_full(WRITES, request):
            form = ReviewForm(request.POST, kept=self.photos_kept())  # pictures are not even opened
            form.add_error(None, too_many())
            return self.page(form, status=429)
        form = ReviewForm(request.POST, request.FILES, kept=self.photos_kept())
        if not form.is_valid():
            return self.page(form, status=422)
        data = {name: form.cleaned_data[name] for name in ("score", "title", "text", "photos")}
        try:
            self.save(data, form.cleaned_data["drop"])
        except AlreadyReviewed:
            messages.info(request, _("You have reviewed it already; here you can change it."))
            return redirect(address_of(self.product, "reviews-add"))
        except NoMoreEdits:
            return self.page(form, status=409)
        messages.success(
            request,
            _("Thank you. We read every review before it is shown, usually within a day."),
        )
        return redirect(self.product.get_absolute_url() + "#reviews")

    def save(self, data: dict[str, Any], drop: list[int]) -> None:
        user = self.request.user
        if self.review is None:
            services.review_write(user=user, product=self.product, **data)
        else:
            services.review_change(user=user, review_id=self.review.pk, drop=drop, **data)

    def photos_kept(self) -> list:
        return list(with_picture(self.review.photos.all(), "image")) if self.review else []

    def page(self, form: ReviewForm, *, status: int = 200) -> HttpResponse:
        review = self.review
        detail = getattr(review, "detail", None) if review else None
        context = {
            "product": self.product,
            "form": form,
            "review": review,
            "kept": [
                photo_of(photo.pk, photo.image.name, photo.picture_facts) for photo in form.kept
            ],
            "dropped": {str(pk) for pk in form.data.getlist("drop")} if form.is_bound else set(),
            "can_change": review is None or services.can_change(review, detail),
            "refusal": _refusal(review),
        }
        return render(self.request, "opinions/write.html", context, status=status)


def _refusal(review: ProductReview | None) -> HistoryEntry | None:
    """Why the review is not shown, when the team decided so."""
    if review is None or review.status != State.REJECTED:
        return None
    story = HistoryEntry.objects.filter(
        kind=Kind.REVIEW, object_id=review.pk, action=Action.REJECTED
    )
    return story.order_by("-at", "-pk").first()


@require_POST
def review_take_back(request: HttpRequest, product_slug: str, product_pk: str) -> HttpResponse:
    """The member's own review goes, with all that came with it."""
    product = family_of(product_pk)
    if not request.user.is_authenticated:
        return sign_in(request, address_of(product, "reviews-add"))
    review = review_by(request.user, product)
    if review:
        services.review_take_back(user=request.user, review_id=review.pk)
        messages.success(request, _("Your review is gone."))
    return redirect(product.get_absolute_url() + "#reviews")


DELTAS = {"1": 1, "-1": -1, "0": 0}


@require_POST
@vary_on_headers("HX-Request")
def review_vote(request: HttpRequest, product_slug: str, product_pk: str, pk: str) -> HttpResponse:
    """Helpful or not, or the vote taken back. The fresh buttons for htmx."""
    product = family_of(product_pk)
    key = number_of(pk)
    there = address_of(product, "reviews-detail", pk=key)
    if not request.user.is_authenticated:
        return sign_in(request, there)
    delta = DELTAS.get(request.POST.get("delta", ""))
    if delta is None:
        return refused(request, product, _("That is no vote."), status=400)
    if is_full(VOTES, request):
        return refused(request, product, too_many(), status=429)
    try:
        review = services.review_vote(user=request.user, review_id=key, delta=delta)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OwnOpinion:
        return refused(request, product, _("This is your own review."), status=409)
    if not is_htmx(request):
        return redirect(there)
    review.up = (review.total_votes + review.delta_votes) // 2
    review.down = review.total_votes - review.up
    review.my_vote = delta
    context = {"product": product, "review": review}
    return render(request, "opinions/_votes.html", context)
