from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import get_resolver

from shop.core.steps import steps_written


class Command(BaseCommand):
    help = "Write docs/steps.md: each legal step of orders, payments, parcels and returns."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail if the page is out of date")

    def handle(self, *, check: bool, **options: Any) -> None:
        _ = get_resolver().url_patterns  # the back office declares its permissions as it is routed
        page, text = settings.BASE_DIR / "docs" / "steps.md", steps_written()
        if check:
            if not page.exists() or page.read_text(encoding="utf-8") != text:
                raise CommandError("docs/steps.md is out of date: manage.py steps")
            return
        page.write_text(text, encoding="utf-8")
        self.stdout.write(f"{page.relative_to(settings.BASE_DIR)} is written.")
