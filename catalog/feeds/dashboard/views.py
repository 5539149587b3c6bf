"""The feed for merchants, and the other addresses that others read."""

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.feeds import selectors
from catalog.feeds.addresses import CODES
from catalog.feeds.models import FeedRun, Flaw
from catalog.feeds.tasks import BUSY, BUSY_SECONDS, merchant_feed_make
from shop.core.office import may
from shop.core.tasks import send_quietly

PAGE_SIZE = 40
RUNS_SHOWN = 8
NAMES = dict(settings.LANGUAGES)


def feed_list(request: HttpRequest) -> HttpResponse:
    run = selectors.run_last()
    flaw = request.GET.get("flaw", "")
    flaw = flaw if flaw in Flaw.values else ""
    counts = selectors.problem_counts(run) if run else {}
    problems = selectors.problems_of(run, flaw=flaw) if run else []
    link = reverse("dashboard:feed-list")
    context = {
        "run": run,
        "files": [
            {"file": one, "language": NAMES[one.language], "url": _feed_url(one.language)}
            for one in (selectors.files_of(run) if run else [])
        ],
        "runs": FeedRun.objects.all()[:RUNS_SHOWN],
        "minutes": settings.FEED_MINUTES,
        "flaws": [
            {"name": _("All"), "url": link, "is_current": not flaw, "count": sum(counts.values())},
            *(
                {
                    "name": label,
                    "url": f"{link}?flaw={value}",
                    "is_current": value == flaw,
                    "count": counts[value],
                }
                for value, label in Flaw.choices
                if value in counts
            ),
        ],
        "page_obj": Paginator(problems, PAGE_SIZE).get_page(request.GET.get("page")),
        "others": _others(),
        "is_busy": bool(cache.get(BUSY)),
        "may_make": may(request.user, "feed-make", "POST"),
        "may_edit": may(request.user, "catalogue-product"),
    }
    return render(request, "feeds/feed_list.html", context)


def feed_make(request: HttpRequest) -> HttpResponse:
    """Ask a worker; several presses are one run."""
    if cache.add(BUSY, True, BUSY_SECONDS):
        send_quietly(merchant_feed_make)
        messages.success(request, _("A worker makes the feed now; readers keep the last one."))
    else:
        messages.info(request, _("The feed is being made already."))
    return redirect("dashboard:feed-list")


def _feed_url(language: str) -> str:
    """With the token, since who sees this page may hand it on."""
    path = reverse("merchant-feed", kwargs={"language": language})
    query = f"?{urlencode({'token': settings.FEED_TOKEN})}" if settings.FEED_TOKEN else ""
    return f"{settings.PUBLIC_URL}{path}{query}"


def _others() -> list[dict[str, str]]:
    """What needs no making."""
    rows = [(_("Sitemap"), reverse("sitemap-index")), (_("Rules for robots"), reverse("robots"))]
    for code in CODES:
        with override(code):
            url = reverse("new-feed")
        rows.append((_("New products, RSS (%(language)s)") % {"language": NAMES[code]}, url))
    return [{"name": name, "url": settings.PUBLIC_URL + url} for name, url in rows]
