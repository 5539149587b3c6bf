from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.core.verify import NothingToCheck, invariants

SHOWN = 20


class Command(BaseCommand):
    help = "Reconcile money and stock; exit code 1 if any row is off."

    def handle(self, **options: Any) -> None:
        broken = 0
        for invariant in invariants():
            try:
                rows = list(invariant.check())
            except NothingToCheck as reason:
                self.stdout.write(f"skip  {invariant.name}: {reason}")
                continue
            except (ArithmeticError, ValueError) as error:  # a number that another check names
                rows = [f"cannot be checked: {error}"]
            broken += len(rows)
            self.stdout.write(f"{'ok   ' if not rows else 'DRIFT'} {invariant.name}")
            for row in rows[:SHOWN]:
                self.stdout.write(f"      {row}")
            if len(rows) > SHOWN:
                self.stdout.write(f"      and {len(rows) - SHOWN} more")
        if broken:
            raise CommandError(f"{broken} rows are off.")
        self.stdout.write("Everything adds up.")
