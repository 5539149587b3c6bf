"""Gift vouchers were discounts, good for one order; what is left of them becomes gift cards.

Codes stay as they are. What was used or void ends with nothing on it. Their vouchers and offers go,
and so does their table: the app that knew it is no more.
"""

import hashlib
import re

from django.db import migrations

TABLE = "gifts_giftvoucher"
PATHS = ("promotions.gifts.models.GiftCondition", "promotions.gifts.models.GiftBenefit")
ROWS = f"""
SELECT g.order_line_id, g.place, g.initial, g.currency, g.state, g.recipient_name, g.recipient_email,
       g.sender_name, g.message, g.language, g.send_at, g.sent_at, g.mails, g.created_at,
       v.code, v.end_datetime, g.voucher_id
FROM {TABLE} g JOIN voucher_voucher v ON v.id = g.voucher_id ORDER BY g.id
"""


def forward(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        cursor.execute(ROWS)
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        for row in rows:
            _move(apps, row)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"DROP TABLE {TABLE}")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'gifts'")
    apps.get_model("voucher", "Voucher").objects.filter(
        pk__in=[row["voucher_id"] for row in rows]
    ).delete()
    offers = apps.get_model("offer", "ConditionalOffer").objects
    offers.filter(benefit__proxy_class__in=PATHS).delete()
    for name in ("Benefit", "Condition"):
        apps.get_model("offer", name).objects.filter(proxy_class__in=PATHS).delete()


def _move(apps, row):
    is_good = row["state"] in ("waiting", "sent")
    code = re.sub(r"[^0-9A-Z]", "", row["code"].upper())
    wallet = apps.get_model("wallets", "Wallet").objects.create(
        kind="gift_card",
        state="active" if is_good else "closed",
        currency=row["currency"],
        balance=row["initial"] if is_good else 0,
        expires_at=row["end_datetime"],
        code_hash=hashlib.sha256(code.encode()).hexdigest(),
        code_tail=code[-4:],
        created_at=row["created_at"],
    )
    entries = apps.get_model("wallets", "WalletEntry").objects
    place = f"{row['order_line_id']}:{row['place']}"
    facts = {"wallet": wallet, "at": row["created_at"]}
    entries.create(amount=row["initial"], reason="sold", key=f"sold:{place}", **facts)
    if not is_good:
        note = "used as a voucher" if row["state"] == "used" else ""
        entries.create(
            amount=-row["initial"], reason="taken", key=f"voucher:{place}", note=note, **facts
        )
    kept = ("order_line_id", "place", "initial", "recipient_name", "recipient_email", "sender_name")
    kept += ("message", "language", "send_at", "sent_at", "mails")
    apps.get_model("wallets", "GiftCard").objects.create(
        wallet=wallet,
        voided_at=row["created_at"] if row["state"] == "void" else None,
        **{name: row[name] for name in kept},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("wallets", "0002_append_only"),
        ("offer", "0014_house_translations"),
        ("voucher", "0010_auto_20210224_0712"),
    ]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
