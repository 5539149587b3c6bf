"""A server that died is started again, and one that does not start takes nothing else with it."""

from shop.env import WrongSettingError
from shop.runtime.services import Services


class Server:
    """Starts at the third try."""

    def __init__(self, name: str, *, fails: int) -> None:
        self.name, self.fails, self.tries = name, fails, 0

    def is_alive(self) -> bool:
        return self.tries > self.fails

    def start(self) -> None:
        self.tries += 1
        if self.tries <= self.fails:
            raise WrongSettingError(f"{self.name} did not start")


def test_what_does_not_start_is_tried_again_and_the_shop_stays_open() -> None:
    services = Services.__new__(Services)
    redis, postgres = Server("Redis", fails=2), Server("PostgreSQL", fails=0)
    services.embedded = [redis, postgres]

    assert services.revive() == ["PostgreSQL"]
    assert services.revive() == []
    assert services.revive() == ["Redis"]
    assert services.revive() == []
    assert (redis.tries, postgres.tries) == (3, 1)
