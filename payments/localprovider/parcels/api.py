"""The carriers' side: labels, parcels, and signed messages about them to the shop."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from payments.localprovider.parcels.label import label_pdf
from payments.localprovider.parcels.scripts import (
    DAY,
    ENDS,
    NEXT,
    SCRIPTS,
    WISHES,
    Happened,
    Step,
    events_of,
    number_new,
    past_of,
    wished,
)

logger = logging.getLogger(__name__)

PRICES = {"standard": 3.10, "freight": 9.80, "point": 2.60, "express": 7.20}
PER_KILO = 0.35
FAST_DAY = 60.0  # seconds that a day takes, so that a demonstration sees the whole journey
MOST_BODY = 200_000
PAUSE = 1.0

SCHEMA = """CREATE TABLE IF NOT EXISTS parcels (
  number TEXT PRIMARY KEY, key TEXT UNIQUE NOT NULL, carrier TEXT NOT NULL, script TEXT NOT NULL,
  wanted TEXT NOT NULL, cost TEXT NOT NULL, made REAL NOT NULL, handed REAL, voided INTEGER DEFAULT 0,
  told INTEGER DEFAULT 0, due REAL DEFAULT 0, steps TEXT)"""
# Asked every second: of parcels that have arrived nothing more is read.
DUE_INDEX = (
    "CREATE INDEX IF NOT EXISTS parcel_due ON parcels (due) WHERE handed IS NOT NULL AND voided = 0"
)
DUE = "SELECT * FROM parcels WHERE handed IS NOT NULL AND voided = 0 AND due <= ? ORDER BY due"
NEVER = 1e12  # Unix seconds


class Parcels:
    """All parcels of the local carriers. ``shop``: where its messages go, ``""`` for none."""

    def __init__(
        self, *, file: Path | str, key: str, secret: str, shop: str, day: float = FAST_DAY
    ) -> None:
        self.key, self.secret, self.shop, self.day = key, secret, shop, day
        self.rows = sqlite3.connect(str(file), check_same_thread=False, isolation_level=None)
        self.rows.row_factory = sqlite3.Row
        self.rows.execute(SCHEMA)
        if "steps" not in {
            column["name"] for column in self.rows.execute("PRAGMA table_info(parcels)")
        }:
            self.rows.execute("ALTER TABLE parcels ADD steps TEXT")  # a file from before
        self.rows.execute(DUE_INDEX)

    def find(self, number: str) -> sqlite3.Row | None:
        return self.rows.execute("SELECT * FROM parcels WHERE number = ?", (number,)).fetchone()

    def label(self, wanted: dict[str, Any]) -> sqlite3.Row:
        """The parcel of this key; a second call finds the first one's."""
        key = f"{wanted['carrier']}:{wanted['key']}"
        known = self.rows.execute("SELECT * FROM parcels WHERE key = ?", (key,)).fetchone()
        if known:
            return known
        script = wanted.get("script") or _script_of(key)
        number = number_new(wanted["carrier"], script)
        cost = price_of(wanted["service"], wanted.get("weight_g"))
        self.rows.execute(
            "INSERT INTO parcels (number, key, carrier, script, wanted, cost, made)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, key, wanted["carrier"], script, json.dumps(wanted), cost, time.time()),
        )
        return self.rows.execute("SELECT * FROM parcels WHERE number = ?", (number,)).fetchone()

    def happened(self, number: str) -> list[Happened] | None:
        """None: nobody knows the number."""
        row = self.find(number)
        if row is None:
            past = past_of(number)
            return events_of(number, SCRIPTS[past[0]], past[1], day=DAY) if past else None
        if row["handed"] is None or row["voided"]:
            return []
        return events_of(number, _steps(row), row["handed"], day=self.day)

    def latest(self, *, like: str, skip: int, most: int) -> list[sqlite3.Row]:
        """The newest parcels whose number, or whose order's, contains ``like``."""
        sign = like.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return self.rows.execute(
            "SELECT * FROM parcels WHERE voided = 0 AND (number LIKE ?1 ESCAPE '\\'"
            " OR json_extract(wanted, '$.order_number') LIKE ?1 ESCAPE '\\')"
            " ORDER BY made DESC, number LIMIT ?2 OFFSET ?3",
            (f"%{sign}%", most, skip),
        ).fetchall()

    def wishes(self, row: sqlite3.Row) -> list[str]:
        """What can become of a parcel now. Before it is handed over, only a fate can be chosen."""
        if row["handed"] is None:
            return [wish for wish in WISHES if WISHES[wish][0] != row["script"]]
        codes = {event.code for event in self.happened(row["number"]) or []}
        if codes & set(ENDS):
            return []
        return [NEXT, *(wish for wish in WISHES if WISHES[wish][1] not in codes)]

    def wish(self, number: str, wish: str) -> bool:
        """Let it happen to a parcel, and tell the shop of it. ``False``: it cannot."""
        row = self.find(number)
        if row is None or row["voided"] or wish not in self.wishes(row):
            return False
        script = row["script"] if wish == NEXT else WISHES[wish][0]
        steps = None
        if row["handed"] is not None:
            elapsed = (time.time() - row["handed"]) / self.day
            steps = json.dumps(wished(_steps(row), elapsed, wish))
        self.rows.execute(
            "UPDATE parcels SET script = ?, steps = ?, due = 0 WHERE number = ?",
            (script, steps, number),
        )
        return True

    def message(self, row: sqlite3.Row, event: Happened) -> tuple[str, bytes, dict[str, str]]:
        """Address, body and headers of the message about an event, signed now."""
        body = json.dumps({"id": event.id, "number": row["number"], "code": event.code}).encode()
        moment = int(time.time())
        signed = hmac.new(self.secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
        headers = {
            "Parcel-Signature": f"t={moment},v1={signed.hexdigest()}",
            "Content-Type": "application/json",
        }
        return f"{self.shop}/parcels/messages/{row['carrier']}/", body, headers

    def due(self) -> list[tuple[sqlite3.Row, Happened]]:
        """The next untold event of every parcel that has one. Whoever has none is looked at again when it has."""
        found, waiting = [], []
        for row in self.rows.execute(DUE, (time.time(),)).fetchall():
            events = self.happened(row["number"]) or []
            if row["told"] < len(events):
                found.append((row, events[row["told"]]))
            else:
                waiting.append((_moment_of(row, row["told"], day=self.day), row["number"]))
        if waiting:  # in one transaction: each of its own is written to the disk
            self.rows.execute("BEGIN")
            self.rows.executemany("UPDATE parcels SET due = ? WHERE number = ?", waiting)
            self.rows.execute("COMMIT")
        return found

    def told(self, number: str, *, is_taken: bool) -> None:
        change = "told = told + 1, due = 0" if is_taken else "due = ?"
        values = (number,) if is_taken else (time.time() + 15, number)
        self.rows.execute(f"UPDATE parcels SET {change} WHERE number = ?", values)  # noqa: S608


async def tell_forever(parcels: Parcels) -> None:
    """Send what is due, again and again; what the shop does not take is sent again."""
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        while parcels.shop:
            for row, event in parcels.due():
                url, body, headers = parcels.message(row, event)
                try:
                    answer = await client.post(url, content=body, headers=headers)
                    is_taken = answer.is_success
                except httpx.HTTPError:
                    is_taken = False
                parcels.told(row["number"], is_taken=is_taken)
            await asyncio.sleep(PAUSE)


def shop_of(webhook_url: str) -> str:
    """``http://127.0.0.1:8000`` of the address that payments are told to."""
    parts = urlsplit(webhook_url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def price_of(service: str, weight_g: int | None) -> str:
    kilos = int(weight_g or 1) / 1000
    return f"{PRICES.get(service, 3.10) + PER_KILO * kilos:.2f}"


def parcel_routes(parcels: Parcels) -> list[BaseRoute]:
    def guarded(run: Callable[[Request, bytes], Response]) -> Callable[..., Any]:
        async def endpoint(request: Request) -> Response:
            sent = request.headers.get("authorization", "").removeprefix("Bearer ")
            if not hmac.compare_digest(sent.encode(), parcels.key.encode()):
                return _no(401, "no such key")
            body = await request.body()
            return _no(413, "too large") if len(body) > MOST_BODY else run(request, body)

        return endpoint

    def label(request: Request, body: bytes) -> Response:
        try:
            wanted = json.loads(body)
            if wanted["service"] not in PRICES or wanted.get("script", "usual") not in SCRIPTS:
                return _no(422, "no such service")
            row = parcels.label(wanted)
        except (ValueError, KeyError, TypeError):
            return _no(422, "not a label")
        pdf = label_pdf(row["number"], row["carrier"], json.loads(row["wanted"]), row["made"])
        facts = {"number": row["number"], "cost": row["cost"]}
        return JSONResponse({**facts, "pdf": base64.b64encode(pdf).decode()})

    def rates(request: Request, body: bytes) -> Response:
        """What the services would cost that were asked for; those that nobody knows are left out."""
        try:
            asked = json.loads(body)
            found = [
                {"service": one, "cost": price_of(one, asked["weight_g"])}
                for one in asked["services"]
                if one in PRICES
            ]
        except (ValueError, KeyError, TypeError):
            return _no(422, "not a parcel")
        return JSONResponse({"rates": found})

    def parcel(request: Request, body: bytes) -> Response:
        number = request.path_params["number"]
        events = parcels.happened(number)
        if events is None:
            return _no(404, "no such parcel")
        return JSONResponse({"number": number, "events": [vars(one) for one in events]})

    def handover(request: Request, body: bytes) -> Response:
        row = parcels.find(request.path_params["number"])
        if row is None or row["voided"]:
            return _no(404, "no such parcel")
        parcels.rows.execute(
            "UPDATE parcels SET handed = coalesce(handed, ?) WHERE number = ?",
            (time.time(), row["number"]),
        )
        return JSONResponse({"number": row["number"]})

    def void(request: Request, body: bytes) -> Response:
        row = parcels.find(request.path_params["number"])
        if row is None:
            return _no(404, "no such parcel")
        if row["handed"]:
            return _no(409, "it is on its way")
        parcels.rows.execute("UPDATE parcels SET voided = 1 WHERE number = ?", (row["number"],))
        return JSONResponse({"number": row["number"]})

    return [
        Route("/labels", guarded(label), methods=["POST"]),
        Route("/rates", guarded(rates), methods=["POST"]),
        Route("/parcels/{number}", guarded(parcel), methods=["GET"]),
        Route("/parcels/{number}/handover", guarded(handover), methods=["POST"]),
        Route("/parcels/{number}/void", guarded(void), methods=["POST"]),
    ]


def _steps(row: sqlite3.Row) -> tuple[Step, ...]:
    """What a wish made of them, else those of the script."""
    if row["steps"] is None:
        return SCRIPTS[row["script"]]
    return tuple((days, code, place) for days, code, place in json.loads(row["steps"]))


def _moment_of(row: sqlite3.Row, number: int, *, day: float) -> float:
    """When the step of this number happens, in Unix seconds; `NEVER` where the script ends before it."""
    steps = _steps(row)
    return row["handed"] + steps[number][0] * day if number < len(steps) else NEVER


def _script_of(key: str) -> str:
    """Of fifty parcels two are late, one is lost, one damaged; the same for the same key."""
    chance = int(hashlib.sha256(key.encode()).hexdigest(), 16) % 50
    return {0: "late", 1: "late", 2: "lost", 3: "damaged"}.get(chance, "usual")


def _no(status: int, words: str) -> Response:
    return JSONResponse({"error": words}, status_code=status)
