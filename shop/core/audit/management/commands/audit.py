from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.core.audit.models import Seal
from shop.core.audit.services import anchor_make, entries_seal


class Command(BaseCommand):
    help = (
        "seal: link waiting entries. anchor: print the end of the chain, to be kept outside the"
        " database. check FILE: compare such lines with the chain."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("step", choices=("seal", "anchor", "check"))
        parser.add_argument("file", nargs="?", type=Path)

    def handle(self, *, step: str, file: Path | None, **options: Any) -> None:
        if step == "check":
            return self._check(file)
        sealed = entries_seal()
        if step == "seal":
            self.stdout.write(f"{sealed} entries sealed")
        elif anchor := anchor_make():
            self.stdout.write(f"{anchor.number} {bytes(anchor.digest).hex()}")

    def _check(self, file: Path | None) -> None:
        if file is None or not file.is_file():
            raise CommandError("check needs the file with the anchors that you kept")
        kept = [line.split() for line in file.read_text().splitlines() if line.strip()]
        if any(len(words) != 2 or not words[0].isdecimal() for words in kept):
            raise CommandError("each line is a number and a digest, as `audit anchor` prints it")
        links = Seal.objects.in_bulk([int(number) for number, _digest in kept])
        for number, digest in kept:
            link = links.get(int(number))
            if link is None or bytes(link.digest).hex() != digest:
                raise CommandError(f"link {number} is not the one that you kept")
        self.stdout.write(f"{len(kept)} anchors hold")
