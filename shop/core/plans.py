"""The plans of one connection, asked for through libpq itself.

psycopg sends a statement, waits for the socket and reads the answer by sixty calls of Python, which let go of the
interpreter four times; with several threads at work each time it has to be waited for again. libpq does all of it in one
call. Values are texts, or nothing; PostgreSQL reads each as the type of its column.
"""

import re
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from psycopg import DataError, OperationalError
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus

MOST = 300  # plans of one connection; the one that was not asked for the longest makes room
DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
IDLE = TransactionStatus.IDLE
ENCODING = "utf-8"  # of every connection of Django's

Answer = tuple[list[tuple[Any, ...]], int]


class Plans:
    """What a connection of psycopg has planned. Used by one thread at a time, as the connection is."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._libpq = connection.pgconn
        self._is_kept = connection.prepare_threshold is not None
        # Where psycopg plans too, it drops all plans of the connection when its own are out of date.
        connection.prepare_threshold = None
        self._reader = Transformer(connection)
        self._names: OrderedDict[str, bytes] = OrderedDict()
        self._made = 0

    def run(self, sql: str, values: Sequence[Any]) -> Answer:
        """What a statement gives, and how many rows it was about.

        Begins the transaction that is waited for. Raises psycopg's errors: ``OperationalError`` if the server is
        gone, ``DataError`` for a zero in a text, which libpq would end there.
        """
        texts = [
            None if one is None else one.encode() if isinstance(one, str) else self._written(one)
            for one in values
        ]
        if any(one is not None and b"\0" in one for one in texts):
            raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
        libpq = self._libpq
        if libpq.transaction_status == IDLE and not self._connection.autocommit:
            self._checked(libpq.exec_(b"BEGIN"))
        if self._is_kept:
            name = self._names.get(sql)
            if name is None:
                name = self._plan(sql)
            else:
                self._names.move_to_end(sql)
            result = self._checked(libpq.exec_prepared(name, texts))
        else:
            result = self._checked(libpq.exec_params(_numbered(sql), texts))
        rows: list[tuple[Any, ...]] = []
        if result.nfields:
            self._reader.set_pgresult(result)
            rows = self._reader.load_rows(0, result.ntuples, tuple)
        count = result.command_tuples
        return rows, -1 if count is None else count

    def _plan(self, sql: str) -> bytes:
        if len(self._names) >= MOST:
            _oldest, gone = self._names.popitem(last=False)
            self._checked(self._libpq.exec_(b"DEALLOCATE " + gone))
        self._made += 1
        name = b"storekeep_%d" % self._made
        self._checked(self._libpq.prepare(name, _numbered(sql)))
        self._names[sql] = name
        return name

    def _checked(self, result: Any) -> Any:
        if result.status in DONE:
            return result
        if not result.error_field(DiagnosticField.SQLSTATE):
            # The server did not say it itself: it is gone.
            raise OperationalError(result.error_message.decode(ENCODING, "replace").strip())
        raise error_from_result(result, encoding=ENCODING)

    def _written(self, value: Any) -> bytes:
        """What is no text: JSON, mostly."""
        (text,) = self._reader.dump_sequence([value], [PyFormat.TEXT])
        return bytes(text or b"")


def _numbered(sql: str) -> bytes:
    """``%s`` as PostgreSQL writes it, ``$1``."""
    number = 0

    def mark(found: re.Match[str]) -> str:
        nonlocal number
        if found[0] == "%%":
            return "%"
        number += 1
        return f"${number}"

    return re.sub(r"%[s%]", mark, sql).encode()
