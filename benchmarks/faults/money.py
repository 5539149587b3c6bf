"""Whether each guest's order and each charge at the provider belong together, one to one."""

from collections import Counter, defaultdict

import httpx
import psycopg

from benchmarks.faults.house import House
from payments.localprovider.control import Control

ORDERS = "SELECT number, status, guest_email FROM order_order WHERE guest_email = ANY(%s)"
SOLD = ("paid", "packed", "shipped", "delivered")


def off(house: House, control: Control, *, tried: list[str], thanked: list[str]) -> list[str]:
    """What is not settled, or wrong, of the orders of those e-mails; a line for each.

    Right is: each order that is paid has one charge that was not sent back, each such charge has a
    paid order, and whoever was thanked has one paid order.
    """
    try:
        orders = house.rows(ORDERS, [tried])
        charges = control.charges()
    except (psycopg.OperationalError, httpx.HTTPError) as error:
        return [f"nobody can say: {type(error).__name__}"]
    kept = Counter[str]()
    for charge in charges:
        if charge["amount_captured"] > charge["amount_refunded"]:
            kept[charge["metadata"]["order_number"]] += 1
    paid_by = defaultdict(list)
    wrong = []
    for number, status, email in orders:
        is_sold = status in SOLD
        if is_sold:
            paid_by[email].append(number)
        if kept[number] != is_sold:
            wrong.append(f"{number} is {status} and has {kept[number]} charges")
    wrong += [f"{one} was thanked for {paid_by[one]}" for one in thanked if len(paid_by[one]) != 1]
    return wrong
