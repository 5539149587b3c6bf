"""Django's own backend, with a quicker cursor; whether a kept connection still stands is seen, not asked.

Django asks ``SELECT 1`` at the first statement of each request. A server that has ended a connection
has said so on it, so something is there to read; on one that stands and waits nothing is.
"""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Error

from shop.core.postgres.cursors import Cursor


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        if params["cursor_factory"] is base.Cursor:
            params["cursor_factory"] = Cursor
        return params

    def is_usable(self) -> bool:
        """Only where the server has said something is it asked whether that was goodbye."""
        try:
            is_silent = self.connection is not None and not _has_to_read(self.connection.fileno())
        except Error:  # closed on our side
            return False
        return is_silent or super().is_usable()


def _has_to_read(descriptor: int) -> bool:
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(0))
