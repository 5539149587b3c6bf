from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.core.requirements import requirements_read, requirements_written


class Command(BaseCommand):
    help = "Write docs/requirements.md: each requirement, its page, and the tests that prove it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail if the page is out of date")

    def handle(self, *, check: bool, **options: Any) -> None:
        page = settings.BASE_DIR / "docs" / "requirements.md"
        try:
            text = requirements_written(requirements_read(settings.BASE_DIR))
        except ValueError as error:
            raise CommandError(str(error)) from error
        if check:
            if not page.exists() or page.read_text(encoding="utf-8") != text:
                raise CommandError("docs/requirements.md is out of date: manage.py requirements")
            return
        page.write_text(text, encoding="utf-8")
        self.stdout.write(f"{page.relative_to(settings.BASE_DIR)} is written.")
