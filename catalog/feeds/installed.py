"""The shop on a home screen, and the page that is shown without a network."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.feeds.addresses import CODES, FIRST, hreflang
from catalog.feeds.answers import shared, tag_of

SECONDS = 3600
PAPER, INK = "#fbf8f3", "#1d1a17"  # --paper and --ink by day, see static/css/tokens.css
ICONS = (
    ("img/icon-192.png", "192x192", "any"),
    ("img/icon-512.png", "512x512", "any"),
    ("img/icon-maskable-512.png", "512x512", "maskable"),
)


@require_safe
def manifest(request: HttpRequest) -> HttpResponseBase:
    """How the shop looks as an app, in the language of its address. One app in every language."""
    said = {
        "id": "/",
        "name": settings.OSCAR_SHOP_NAME,
        "short_name": settings.OSCAR_SHOP_NAME[:12],
        "description": str(settings.OSCAR_SHOP_TAGLINE),
        "lang": hreflang(get_language() or FIRST),
        "dir": "ltr",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["shopping"],
        "icons": [
            {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
        "shortcuts": [
            {"name": name, "url": reverse(url)}
            for name, url in (
                (_("New"), "catalogue:new"),
                (_("On offer"), "catalogue:on-offer"),
                (_("Basket"), "basket:summary"),
                (_("Your orders"), "customer:order-list"),
            )
        ],
    }
    return shared(
        request,
        json.dumps(said, ensure_ascii=False, indent=1),
        content_type="application/manifest+json; charset=utf-8",
        seconds=SECONDS,
    )


@require_safe
@cache_control(public=True, max_age=SECONDS)
def offline(request: HttpRequest) -> HttpResponseBase:
    """What the service worker shows when the shop cannot be reached. The same for everybody."""
    return render(request, "feeds/offline.html", {"shop_name": settings.OSCAR_SHOP_NAME})


@require_safe
def service_worker(request: HttpRequest) -> HttpResponseBase:
    """The worker, or with ``SERVICE_WORKER=0`` one that takes itself away again.

    Its cache is named after what goes into it, so a new style sheet or text makes a new cache.
    """
    if not settings.SERVICE_WORKER:
        text = render_to_string("feeds/sw_gone.js")
    else:
        pages = {}
        for code in CODES:
            with override(code):
                pages[code] = {
                    "prefix": "/" if code == FIRST else f"/{code}/",
                    "url": reverse("offline"),
                }
        assets = [static("css/storefront.css"), static("img/favicon.svg")]
        version = tag_of(assets, render_to_string("feeds/offline.html"), settings.OSCAR_SHOP_NAME)
        facts = {
            "cache": f"offline-{version[3:15]}",
            "pages": pages,
            "first": FIRST,
            "assets": assets,
        }
        text = render_to_string("feeds/sw.js", {"facts": json.dumps(facts)})
    answer = shared(
        request, text, content_type="text/javascript; charset=utf-8", seconds=0, tag=tag_of(text)
    )
    answer["Cache-Control"] = "no-cache"
    answer["Service-Worker-Allowed"] = "/"
    return answer
