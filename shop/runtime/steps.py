"""What must be true before the shop opens: tables, translations, static files, the demo.

Each step leaves a stamp of what it was made from, so that a later start skips it without a look at
the database. A stamp that is lost costs time, nothing else: every step is safe to do again.
"""

import hashlib
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shop.env import WrongSettingError
from shop.runtime.children import die_with_parent
from shop.runtime.config import ROOT, Config
from shop.runtime.report import Line, say

MANAGE = [sys.executable, str(ROOT / "manage.py")]
APPS = ("shop", "catalog", "promotions", "supply", "payments", "orders", "crm", "analytics")
LOCK_FILE = ROOT / "requirements.lock"


@dataclass
class Stamp:
    """A digest of a step's input, kept in a file once the step is done."""

    file: Path
    digest: str

    @property
    def is_current(self) -> bool:
        return self.file.exists() and self.file.read_text() == self.digest

    def set(self) -> None:
        self.file.write_text(self.digest)


def digest_of(words: Iterable[str], *, contents: Iterable[Path] = (), dates: Iterable[Path] = ()):
    """A digest of words, of files' contents (few and small) and of files' dates and sizes."""
    total = hashlib.sha256()
    for word in words:
        total.update(f"{word}\n".encode())
    for file in sorted(contents):
        total.update(f"{file}\n".encode() + file.read_bytes())
    for file in sorted(dates):
        status = file.stat()
        total.update(f"{file} {status.st_size} {status.st_mtime_ns}\n".encode())
    return total.hexdigest()


def migrate(config: Config, environment: dict[str, str], *, database: str) -> None:
    """Bring the tables up to date.

    ``database`` tells embedded clusters apart; when it is empty we always look.
    """
    stamp = Stamp(config.run_dir / "migrated", migrations_digest(database))
    if database and stamp.is_current:
        return
    run("tables", [*MANAGE, "migrate", "--noinput"], config, environment)
    stamp.set()


def migrations_digest(database: str) -> str:
    """Of everything that decides which tables and triggers there are, in the cluster ``database``."""
    files = [file for app in APPS for file in (ROOT / app).glob("**/migrations/*.py")]
    settings = (ROOT / "shop" / "settings").glob("*.py")
    audit = ROOT / "shop" / "core" / "audit"
    triggers = [audit / "installing.py", audit / "triggers.py", audit / "watching.py"]
    return digest_of([database], contents=[*files, *settings, *triggers, LOCK_FILE])


def translations_compile() -> None:
    """Write each .mo whose .po is newer. The compiled files are not kept in the repository."""
    stale = [
        file
        for file in (ROOT / "locale").glob("*/LC_MESSAGES/*.po")
        if not (compiled := file.with_suffix(".mo")).exists()
        or compiled.stat().st_mtime_ns < file.stat().st_mtime_ns
    ]
    if not stale:
        return
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    line = Line("translations")
    for file in stale:
        with file.open("rb") as source:
            catalog = read_po(source, locale=file.parts[-3])
        fresh = file.with_suffix(".mo.new")
        with fresh.open("wb") as target:
            write_mo(target, catalog)
        fresh.replace(file.with_suffix(".mo"))
    line.done()


class Static:
    """Collecting static files, beside the other steps: it needs no database but two cores help."""

    def __init__(self, config: Config, environment: dict[str, str]) -> None:
        sources = [
            file
            for folder in (ROOT / "static", *(ROOT / app for app in APPS))
            for file in folder.glob("**/*" if folder.name == "static" else "**/static/**/*")
            if file.is_file()
        ]
        browser = ROOT / "node_modules" / ".package-lock.json"
        settings = list((ROOT / "shop" / "settings").glob("*.py"))
        contents = [LOCK_FILE, *settings, *([browser] if browser.exists() else [])]
        self.stamp = Stamp(
            config.run_dir / "collected", digest_of([], contents=contents, dates=sources)
        )
        self.log = config.log_dir / "collectstatic.log"
        self.process: subprocess.Popen | None = None
        if not (self.stamp.is_current and (config.data_dir / "static").exists()):
            with self.log.open("wb") as log:
                self.process = subprocess.Popen(
                    [*MANAGE, "collectstatic", "--noinput", "--clear", "--verbosity=0"],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=environment,
                    cwd=ROOT,
                    preexec_fn=die_with_parent,
                )

    def finish(self) -> None:
        if not self.process:
            return
        line = Line("static files")
        if self.process.wait():
            raise_failed("static files", self.log)
        self.stamp.set()
        line.done()

    def abandon(self) -> None:
        """Do not leave it running when another step has failed."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def demo_load(config: Config, environment: dict[str, str], *, database: str) -> None:
    """Load the demo shop once; the command itself refuses a database with real orders."""
    stamp = Stamp(config.run_dir / "demo", f"{config.demo} {database}")
    if config.demo == "none" or (database and stamp.is_current):
        return
    say("  demo shop …")
    done = subprocess.run(
        [*MANAGE, "demo", "--size", config.demo],
        stdin=subprocess.DEVNULL,
        env=environment,
        cwd=ROOT,
        check=False,
        preexec_fn=die_with_parent,
    )
    if done.returncode:
        raise WrongSettingError("the demo shop could not be loaded; DEMO=none starts without it.")
    stamp.set()


def run(label: str, command: list[str], config: Config, environment: dict[str, str]) -> None:
    """Run a step to its end, its output in the log and its progress on one line."""
    line = Line(label)
    file = config.log_dir / f"{label.replace(' ', '-')}.log"
    with (
        file.open("w") as log,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=ROOT,
            text=True,
            preexec_fn=die_with_parent,
        ) as process,
    ):
        try:
            for count, text in enumerate(process.stdout or (), start=1):
                log.write(text)
                line.update(f"{count}: {text.strip()}")
        except BaseException:  # Ctrl-C does not wait for the step to end
            process.terminate()
            raise
    if process.returncode:
        raise_failed(label, file)
    line.done()


def raise_failed(label: str, log: Path) -> None:
    """Stop with the last line of what went wrong, which in Python says what."""
    lines = [text for text in log.read_text(errors="replace").splitlines() if text.strip()]
    reason = lines[-1].strip() if lines else "it said nothing"
    raise WrongSettingError(f"{label}: {reason} ({log} has the whole story).")
