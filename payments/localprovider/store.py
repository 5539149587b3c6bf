"""The SQLite file: one connection, one transaction at a time.

Amounts are whole numbers in the smallest unit of their currency; times are Unix seconds.
The file is held exclusively, so that two providers cannot deliver from the same queue.
"""

import json
import secrets
import sqlite3
import string
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
  expires_at REAL NOT NULL, status TEXT NOT NULL DEFAULT 'open'
    CHECK (status IN ('open', 'complete', 'expired')),
  currency TEXT NOT NULL, amount_total INTEGER NOT NULL CHECK (amount_total > 0),
  payment_intent TEXT UNIQUE, client_reference_id TEXT, customer_email TEXT, locale TEXT,
  success_url TEXT NOT NULL, cancel_url TEXT, line_items TEXT NOT NULL,
  intent_data TEXT NOT NULL, metadata TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS intents (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL,
  amount_received INTEGER NOT NULL DEFAULT 0 CHECK (amount_received BETWEEN 0 AND amount),
  status TEXT NOT NULL, capture_method TEXT NOT NULL, latest_charge TEXT,
  payment_method TEXT, last_error TEXT, description TEXT, receipt_email TEXT, return_url TEXT,
  canceled_at INTEGER, cancellation_reason TEXT, metadata TEXT NOT NULL,
  multicapture INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS charges (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
  intent TEXT NOT NULL REFERENCES intents (id), currency TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  amount_captured INTEGER NOT NULL DEFAULT 0,
  amount_refunded INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL CHECK (status IN ('succeeded', 'failed')),
  released INTEGER NOT NULL DEFAULT 0, failure TEXT, last4 TEXT NOT NULL,
  country TEXT NOT NULL DEFAULT 'DE',
  balance_transaction TEXT, metadata TEXT NOT NULL,
  CONSTRAINT charge_not_over_captured CHECK (amount_captured BETWEEN 0 AND amount),
  CONSTRAINT charge_not_over_refunded CHECK (amount_refunded BETWEEN 0 AND amount_captured));
CREATE UNIQUE INDEX IF NOT EXISTS charge_once_per_intent
  ON charges (intent) WHERE status = 'succeeded';
CREATE TABLE IF NOT EXISTS refunds (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
  charge TEXT NOT NULL REFERENCES charges (id), intent TEXT NOT NULL, currency TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0), status TEXT NOT NULL, reason TEXT,
  balance_transaction TEXT, metadata TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS balance_transactions (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
  type TEXT NOT NULL, source TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS trades (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
  wallet TEXT NOT NULL, number TEXT NOT NULL, title TEXT NOT NULL, currency TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  status TEXT NOT NULL DEFAULT 'open'
    CHECK (status IN ('open', 'approved', 'paid', 'closed')),
  refunded INTEGER NOT NULL DEFAULT 0, paid_at INTEGER, expires_at REAL NOT NULL,
  return_url TEXT NOT NULL DEFAULT '', notify_url TEXT NOT NULL DEFAULT '', facts TEXT NOT NULL,
  CONSTRAINT trade_not_over_refunded CHECK (refunded BETWEEN 0 AND amount),
  CONSTRAINT trade_once_per_number UNIQUE (wallet, number));
CREATE TABLE IF NOT EXISTS trade_refunds (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
  trade TEXT NOT NULL REFERENCES trades (id), key TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0), facts TEXT NOT NULL,
  CONSTRAINT trade_refund_once_per_key UNIQUE (trade, key));
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
  type TEXT NOT NULL, object TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
  event TEXT NOT NULL REFERENCES events (id), due_at REAL NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending'
    CHECK (state IN ('pending', 'delivered', 'failed', 'withheld')),
  tamper TEXT, attempts INTEGER NOT NULL DEFAULT 0, last_status INTEGER, last_error TEXT);
CREATE INDEX IF NOT EXISTS session_open ON sessions (expires_at) WHERE status = 'open';
CREATE INDEX IF NOT EXISTS delivery_due ON deliveries (due_at) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS delivery_of_event ON deliveries (event);
CREATE INDEX IF NOT EXISTS refund_of_charge ON refunds (charge);
CREATE TABLE IF NOT EXISTS answers (
  key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
  created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS faults (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
  kind TEXT NOT NULL, target TEXT NOT NULL, remaining INTEGER, args TEXT NOT NULL);
"""
TABLES = (
    "faults", "answers", "deliveries", "events", "balance_transactions", "refunds", "charges",
    "intents", "sessions", "trade_refunds", "trades",
)  # fmt: skip
PREFIXES = {
    "sessions": "cs_test_", "intents": "pi_", "charges": "ch_", "refunds": "re_",
    "balance_transactions": "txn_", "events": "evt_", "deliveries": "del_", "faults": "flt_",
    "trades": "", "trade_refunds": "",
}  # fmt: skip
_JSON = {
    "line_items", "intent_data", "metadata", "last_error", "failure", "object", "args", "body",
    "facts",
}  # fmt: skip
_ALPHABET = string.ascii_letters + string.digits
_LETTERS = bytes(ord(_ALPHABET[number % len(_ALPHABET)]) for number in range(256))  # of any byte
IDEMPOTENCY_SECONDS = 24 * 3600


def new_id(table: str) -> str:
    """An identifier with Stripe's prefix that cannot be guessed; digits alone in a wallet."""
    if table in {"trades", "trade_refunds"}:
        return time.strftime("%Y%m%d") + "".join(secrets.choice(string.digits) for _ in range(20))
    length = 40 if table == "sessions" else 24
    return PREFIXES[table] + secrets.token_bytes(length).translate(_LETTERS).decode()


def _encode(values: Row) -> Row:
    return {
        name: json.dumps(value) if name in _JSON and value is not None else value
        for name, value in values.items()
    }


def _decode(row: sqlite3.Row) -> Row:
    found = dict(row)
    for name in _JSON & found.keys():
        if found[name] is not None:
            found[name] = json.loads(found[name])
    return found


class Store:
    """Everything the provider remembers. All access goes through ``transaction``."""

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.Lock()
        self._faults: list[Row] | None = None
        self._db = sqlite3.connect(path, timeout=1, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("PRAGMA foreign_keys=ON")
        self._db.executescript(SCHEMA)
        self._columns_add()

    def _columns_add(self) -> None:
        """Files of earlier times lack what came since."""
        for table, name, kind in (
            ("intents", "multicapture", "INTEGER NOT NULL DEFAULT 0"),
            ("charges", "country", "TEXT NOT NULL DEFAULT 'DE'"),
        ):
            columns = {row["name"] for row in self._db.execute(f"PRAGMA table_info({table})")}
            if name not in columns:
                self._db.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Not reentrant: each request opens exactly one."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._faults = None
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def add(self, table: str, **values: Any) -> Row:
        """Insert a row under a new id and return it."""
        row = {"id": new_id(table), "created": int(time.time()), **_encode(values)}
        marks = ", ".join("?" for _ in row)
        sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks}) RETURNING *"  # noqa: S608
        return self.all(sql, *row.values())[0]

    def change(self, table: str, key: str, **values: Any) -> Row:
        """Update the row ``key`` and return it."""
        encoded = _encode(values)
        sets = ", ".join(f"{name} = ?" for name in encoded)
        sql = f"UPDATE {table} SET {sets} WHERE id = ? RETURNING *"  # noqa: S608
        found = self.all(sql, *encoded.values(), key)
        if not found:
            raise KeyError(key)
        return found[0]

    def get(self, table: str, key: str) -> Row:
        """The row ``key``. Raises ``KeyError`` when there is none."""
        row = self.first(f"SELECT * FROM {table} WHERE id = ?", key)  # noqa: S608
        if row is None:
            raise KeyError(key)
        return row

    @property
    def is_calm(self) -> bool:
        """Whether it is known that no fault is armed; to be asked outside of transactions too."""
        return self._faults == []

    def faults(self) -> list[Row]:
        """Every armed fault, oldest first. Nobody else writes to the file, so they are read once."""
        if self._faults is None:
            self._faults = self.all("SELECT * FROM faults ORDER BY seq")
        return self._faults

    def faults_forget(self) -> None:
        """To be called by whoever has changed them."""
        self._faults = None

    def first(self, sql: str, *args: Any) -> Row | None:
        row = self._db.execute(sql, args).fetchone()
        return _decode(row) if row else None

    def all(self, sql: str, *args: Any) -> list[Row]:
        return [_decode(row) for row in self._db.execute(sql, args)]

    def run(self, sql: str, *args: Any) -> int:
        """Run a statement and return how many rows it changed."""
        return self._db.execute(sql, args).rowcount

    def answer_find(self, key: str) -> Row | None:
        """The stored answer for an idempotency key that is not older than a day."""
        oldest = int(time.time()) - IDEMPOTENCY_SECONDS
        self.run("DELETE FROM answers WHERE key = ? AND created < ?", key, oldest)
        return self.first("SELECT * FROM answers WHERE key = ?", key)

    def answer_keep(self, key: str, fingerprint: str, status: int, body: Row) -> None:
        self.run(
            "INSERT INTO answers (key, fingerprint, status, body, created) VALUES (?, ?, ?, ?, ?)",
            key, fingerprint, status, json.dumps(body), int(time.time()),
        )  # fmt: skip

    def clear(self) -> None:
        """Forget everything."""
        for table in TABLES:
            self.run(f"DELETE FROM {table}")  # noqa: S608
        self.faults_forget()
