"""Django's cursor, which has libpq send a statement and wait for its answer in one call.

psycopg sends it, waits for the socket and reads the answer by steps of Python, which let go of the interpreter each
time. That is nearly half of what a small statement costs, and more where several threads or processes are at work.
"""

from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql import base
from psycopg import ClientCursor, OperationalError
from psycopg.abc import PQGen
from psycopg.pq import DiagnosticField, ExecStatus

if TYPE_CHECKING:  # the stubs know Django's cursor as that of psycopg 2
    Own = ClientCursor[Any]
else:
    Own = base.Cursor


class Cursor(Own):
    """In all else psycopg's own, which finds mistakes, makes rows and begins transactions."""

    def _maybe_prepare_gen(self, pgq: Any, **options: Any) -> PQGen[None]:
        """Of several statements at once libpq would give the last answer alone: those go psycopg's way."""
        if self._conn._pipeline or b";" in pgq.query:
            yield from super()._maybe_prepare_gen(pgq, **options)
            return
        self._query = pgq
        result = self._pgconn.exec_(pgq.query)
        if result.status == ExecStatus.FATAL_ERROR and not result.error_field(
            DiagnosticField.SQLSTATE
        ):
            # The server did not say it itself: it is gone.
            raise OperationalError(result.get_error_message(self._encoding))
        self._check_results([result])
        self._set_results([result])
