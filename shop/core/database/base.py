"""Django's PostgreSQL, asked less often whether it is still there."""

import select
import time
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg.pq import ConnStatus

#: How long an idle connection is believed. What a firewall forgets without a word is idle for longer.
QUIET_SECONDS = 30.0


class DatabaseWrapper(base.DatabaseWrapper):
    """Before its first statement each request makes sure that the connection it was given still works.

    Django asks the server, which is a statement for every request. A server that stops, restarts or cuts a
    session closes the socket, and that can be seen on this side: only where there is something to read, or
    nothing was said for a while, the server is asked.
    """

    _seen_at = 0.0

    def is_usable(self) -> bool:
        now = time.monotonic()
        is_believed = not self.errors_occurred and now - self._seen_at < QUIET_SECONDS
        if not (is_believed and self.connection is not None and _is_silent(self.connection)):
            self._seen_at = 0.0
            if not super().is_usable():
                return False
        self._seen_at = now
        return True

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._seen_at = time.monotonic()
        return super().get_new_connection(conn_params)


def _is_silent(connection: Connection) -> bool:
    """Whether it is open, and nothing came from the server that nobody has read."""
    pgconn = connection.pgconn
    if pgconn.status != ConnStatus.OK or not hasattr(select, "poll"):
        return False
    watch = select.poll()
    watch.register(pgconn.socket, select.POLLIN)
    return not watch.poll(0)
