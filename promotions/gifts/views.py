"""The page of a gift voucher, to read and to print."""

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from promotions.gifts.links import gift_id_of
from promotions.gifts.models import GiftVoucher


@never_cache
@require_safe
def gift_show(request: HttpRequest, token: str) -> HttpResponse:
    try:
        pk = gift_id_of(token)
    except (BadSignature, ValueError) as error:
        raise Http404 from error
    gift = get_object_or_404(GiftVoucher.objects.select_related("voucher"), pk=pk)
    context = {"gift": gift, "until": timezone.localtime(gift.voucher.end_datetime)}
    return render(request, "kinds/gift.html", context)
