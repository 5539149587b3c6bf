"""`manage.py up`: everything the shop needs, started in order, kept running, stopped in order."""

import http.client
import json
import os
import signal
import time

from shop.env import WrongSettingError
from shop.runtime import children, locks, ports, processes, steps
from shop.runtime.banner import banner
from shop.runtime.children import Child
from shop.runtime.config import (
    ROOT,
    Config,
    child_environment,
    folders_make,
    provider_port,
    uses_local_provider,
)
from shop.runtime.guard import Guard
from shop.runtime.report import Line, say
from shop.runtime.services import Services

PREVIOUS_RUN_SECONDS = 45  # how long a killed start's guard may need to tidy up
OPEN_SECONDS = 60
WEB_GRACE_SECONDS = 4


class Stopped(BaseException):
    """Somebody pressed Ctrl-C or asked us to end."""


class Supervisor:
    """One running shop."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.started = time.monotonic()
        self.children: list[Child] = []
        self.note = config.run_dir / "children.json"
        self.lock = locks.file_open(config.run_dir / "supervisor.lock")
        self.services: Services

    def run(self) -> None:
        """Open the shop and stay until told to stop. Raises ``WrongSettingError`` if it cannot."""
        self._claim()
        self.services = Services(self.config)
        guard = Guard(self._clean_up)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _raise_stopped)
        try:
            self._open()
            self._keep_running()
        except Stopped:
            say("\nStopping …")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            self._stop()
            guard.dismiss()

    def _claim(self) -> None:
        """One shop per DATA_DIR and port; what a killed one left behind is ended first."""
        if not locks.try_lock(self.lock):
            owner = json.loads(os.pread(self.lock, 1000, 0) or b'{"pid": 0}')
            if children.is_alive(owner["pid"]):
                raise WrongSettingError(
                    f"it already runs on port {owner['port']} with this DATA_DIR"
                    f" (process {owner['pid']})."
                )
            say("Waiting for the previous run to finish its clean-up …")
            if not locks.lock_within(self.lock, PREVIOUS_RUN_SECONDS):
                raise WrongSettingError("the previous run with this DATA_DIR is still stopping.")
        left = children.leftovers_stop(self.note)
        if left:
            say(f"Ended {left} processes that a killed run had left.")
        if not ports.is_free(self.config.port, self.config.host):
            raise WrongSettingError(
                f"port {self.config.port} is in use; give another one with PORT."
            )
        os.ftruncate(self.lock, 0)
        os.pwrite(self.lock, json.dumps({"pid": os.getpid(), "port": self.config.port}).encode(), 0)

    def _open(self) -> None:
        say(f"Storekeep starts; its data is in {self.config.data_dir}")
        line = Line("PostgreSQL and Redis")
        self.services.start()
        line.done()
        provider = provider_port(self.config) if uses_local_provider() else None
        environment = child_environment(
            self.config,
            database_url=self.services.database_url,
            redis_url=self.services.redis_url,
            provider=provider,
        )
        self._prepare(environment)
        self._plan(environment, provider)
        line = Line("first page")
        self._start(self.children[0])
        self._wait_for_page()
        line.done()
        for child in self.children[1:]:
            self._start(child)
        say(banner(self.config, seconds=time.monotonic() - self.started))

    def _prepare(self, environment: dict[str, str]) -> None:
        database = self.services.postgres.identity if self.services.postgres else ""
        static = steps.Static(self.config, environment)
        try:
            steps.translations_compile()
            steps.migrate(self.config, environment, database=database)
            steps.demo_load(self.config, environment, database=database)
            static.finish()
        finally:
            static.abandon()

    def _plan(self, environment: dict[str, str], provider: int | None) -> None:
        """The children in the order of their start; what a visitor waits for comes first."""
        config, logs = self.config, self.config.log_dir
        web = processes.web(
            host=config.host, port=config.port, workers=config.workers, grace=WEB_GRACE_SECONDS
        )
        beat = processes.beat(folder=config.run_dir)
        self.children = [
            Child("web", web, logs / "web.log", environment, grace=WEB_GRACE_SECONDS + 2)
        ]
        if provider:
            self.children.append(
                Child(
                    "payment provider",
                    processes.provider(
                        port=provider,
                        data=config.data_dir / "provider.sqlite3",
                        shop_port=config.port,
                    ),
                    logs / "provider.log",
                    processes.provider_environment(environment),
                )
            )
        self.children += [
            # Shoppers wait for pages; what follows from an order can come a moment later.
            Child(
                "worker",
                processes.worker(),
                logs / "worker.log",
                environment,
                grace=15,
                niceness=config.worker_nice,
            ),
            Child("beat", beat, logs / "beat.log", environment, grace=5),
        ]

    def _start(self, child: Child) -> None:
        child.start(ROOT)
        children.note_write(self.note, self.children)

    def _wait_for_page(self) -> None:
        deadline = time.monotonic() + OPEN_SECONDS
        web = self.children[0]
        while not self._is_healthy():
            if web.crashed() is not None or time.monotonic() > deadline:
                steps.raise_failed("the web server did not open", web.log)
            time.sleep(0.05)

    def _is_healthy(self) -> bool:
        """Whether a worker answers; any status will do but a server error."""
        line = http.client.HTTPConnection(self.config.host, self.config.port, timeout=10)
        try:
            line.request("GET", "/healthz", headers={"Host": "localhost"})
            return line.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def _keep_running(self) -> None:
        while True:
            time.sleep(0.5)
            for name in self.services.revive():
                say(f"{name} had stopped and was started again.")
            for child in self.children:
                self._mind(child)

    def _mind(self, child: Child) -> None:
        status = child.crashed()
        if status is not None:
            wait = child.plan_restart()
            say(f"{child.name} ended with status {status}; again in {wait} s ({child.log}).")
        elif child.process is None and time.monotonic() >= child.retry_at:
            self._start(child)

    def _stop(self) -> None:
        """First what makes work, then what does it, last what keeps it."""
        running = [(child.process.pid, child.grace) for child in self.children if child.process]
        children.stop_groups(running)
        self.note.unlink(missing_ok=True)
        self.services.stop()

    def _clean_up(self) -> None:
        """The guard's work after we were killed."""
        children.leftovers_stop(self.note)
        self.services.stop()


def up(config: Config) -> None:
    folders_make(config)
    Supervisor(config).run()


def _raise_stopped(_number: int, _frame: object) -> None:
    raise Stopped
