"""What the style guide shows. Names and figures are invented; nothing here reads the database."""

from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.pictures.sources import PictureSources


def _sample(name: str) -> PictureSources:
    url = static(f"img/sample-{name}.svg")
    return PictureSources(src=url, large=url, width=600, height=600)


def cards() -> list[dict]:
    here = {"href": "#"}
    return [
        here
        | {
            "name": _("Persimmon tea cup"),
            "picture": _sample("cup"),
            "now": "€15.20",
            "was": "€19.00",
            "badge": "−20 %",
            "badge_tone": "solid",
            "rating": 4.8,
            "reviews": 212,
            "swatches": ["#d7d7dc", "#37343c", "#c8452d"],
        },
        here
        | {
            "name": _("Evening lamp"),
            "picture": _sample("lamp"),
            "now": "€59.00",
            "badge": _("Team of 3: €44"),
            "rating": 4.3,
            "reviews": 98,
            "truth": _("Arrives Wed 25 Nov"),
        },
        here
        | {
            "name": _("The green notebook"),
            "other": "绿色笔记本",
            "other_lang": "zh-Hans",
            "picture": _sample("book"),
            "now": "€12.50",
            "truth": _("3 left · arrives Thu 26 Nov"),
        },
        here
        | {
            "name": _("A lamp with a name so long that it takes two lines or even three"),
            "picture": _sample("lamp"),
            "now": "¥1,812.00",
            "truth": _("Sold out · 12 arriving 2 Dec"),
        },
    ]


def summary() -> list[dict]:
    return [
        {"name": _("Things"), "value": "€71.50"},
        {"name": _("Flash hour"), "value": "−€3.80", "kind": "less", "note": _("until 22:00")},
        {"name": _("Delivery"), "value": "€4.90"},
        {"name": _("Total"), "value": "€72.60", "kind": "total", "note": _("VAT €11.59 included")},
    ]


def timeline() -> list[dict]:
    now = timezone.now()
    return [
        {"title": _("Delivered"), "ahead": True, "note": _("expected Thu 26 Nov")},
        {"title": _("Shipped"), "at": now, "tone": "info", "note": "DHL 00340434161094042557"},
        {"title": _("Paid"), "at": now, "tone": "good", "by": _("Card")},
        {"title": _("Placed"), "at": now},
    ]


def gallery() -> list[dict]:
    return [
        {"sources": _sample(name), "large": _sample(name).large, "alt": alt}
        for name, alt in (
            ("cup", _("A red cup")),
            ("lamp", _("A yellow lamp")),
            ("book", _("A green notebook")),
        )
    ]


def kpis() -> list[dict]:
    wave = [12, 14, 13, 17, 16, 19, 18, 22, 20, 21, 24, 23, 26]
    return [
        {
            "name": _("Sales"),
            "value": "€4,812.40",
            "change": "12.4 %",
            "against": _("against last Sunday"),
            "trend": wave,
        },
        {"name": _("Orders"), "value": "86", "change": "9", "against": "", "trend": wave[::2]},
        {
            "name": _("Conversion"),
            "value": "2.9 %",
            "change": "0.3",
            "way": "down",
            "is_bad": True,
            "against": _("2,964 visits"),
            "trend": wave[::-1],
        },
        {"name": _("Stock value"), "value": "€182,400", "against": _("as of 06:00")},
    ]


def bars() -> list[dict]:
    days = [30, 34, 31, 42, 55, 78, 64, 36, 41, 39, 47, 52, 80, 71, 40, 44, 48, 57, 61, 90, 83]
    return [
        {"name": str(day + 1), "value": value, "before": value * 0.85, "href": f"#day-{day + 1}"}
        for day, value in enumerate(days)
    ]


def todos() -> list[dict]:
    return [
        {
            "number": 6,
            "text": _("orders promised for today, not packed"),
            "url": "#",
            "chip": _("14:00 cut-off"),
            "tone": "hot",
        },
        {
            "number": 12,
            "text": _("products run out before the next delivery"),
            "url": "#",
            "chip": _("reorder"),
            "tone": "warn",
        },
        {
            "number": 0,
            "text": _("differences in money, stock and points"),
            "url": "#",
            "chip": _("verified 06:00"),
            "tone": "good",
            "is_done": True,
        },
    ]


def orders() -> list[dict]:
    return [
        {"number": "K7F3-9QPM", "who": "林晓 · Shanghai", "status": "paid", "total": "¥812.00"},
        {"number": "M2XD-4TRA", "who": "Jonas Weber · Berlin", "status": "packed", "total": "€189"},
        {"number": "P9QW-7BCE", "who": "Amelia Hart · Leeds", "status": "pending", "total": "£38"},
        {"number": "R4LS-1ZKV", "who": "佐藤 健 · Osaka", "status": "failed", "total": "¥22,480"},
    ]
