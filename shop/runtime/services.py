"""PostgreSQL and Redis as one thing: started by the first who needs them, stopped by the last."""

import contextlib
import os

from shop.env import WrongSettingError
from shop.runtime import locks, postgres, redis
from shop.runtime.config import Config
from shop.runtime.postgres import Postgres
from shop.runtime.redis import Redis


class Services:
    """What is embedded in this start. Where an address was given, only the address is checked.

    Several commands may use one DATA_DIR at once (the shop, a shell, a test run): each holds a
    shared lock, and who finds nobody else holding it stops the servers.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.embedded: list[Postgres | Redis] = []
        self.postgres = None if config.database_url else Postgres(config)
        self.redis = None if config.redis_url else Redis(config)
        self.embedded = [service for service in (self.postgres, self.redis) if service]
        self._starting = config.run_dir / "services.lock"
        self._users = locks.file_open(config.run_dir / "users.lock")

    @property
    def database_url(self) -> str:
        return self.postgres.url if self.postgres else self.config.database_url

    @property
    def redis_url(self) -> str:
        return self.redis.url if self.redis else self.config.redis_url

    def start(self) -> None:
        with locks.held(self._starting):
            locks.try_lock(self._users, shared=True)
            for service in self.embedded:
                service.start()
        if not self.postgres:
            postgres.check_address(self.config.database_url)
        if not self.redis:
            redis.check_address(self.config.redis_url)

    def revive(self) -> list[str]:
        """Start again what has died; the names of what runs again.

        What does not start this time is tried again the next time: a shop that is open stays open
        without it, as long as it takes.
        """
        started = []
        for service in self.embedded:
            if service.is_alive():
                continue
            with contextlib.suppress(WrongSettingError, OSError):
                service.start()
                started.append(service.name)
        return started

    def stop(self) -> None:
        """Stop the servers unless another command of this DATA_DIR still uses them."""
        with locks.held(self._starting):
            if locks.try_lock(self._users):
                for service in reversed(self.embedded):
                    service.stop()
        os.close(self._users)
