"""What the provider asks its file for each payment does not grow with the payments that there were."""

from payments.localprovider import engine, webhooks
from payments.localprovider.api import sessions
from payments.localprovider.config import Config
from payments.localprovider.core import Provider
from payments.localprovider.store import Store

LINE = {
    "price_data": {"currency": "eur", "unit_amount": "1900", "product_data": {"name": "Cup"}},
    "quantity": "1",
}
PLANNED = ("SELECT", "UPDATE", "DELETE")


def test_a_payment_reads_no_table_from_its_beginning(tmp_path):
    config = Config(
        data=tmp_path / "p.sqlite3",
        secret_key="sk_test_x",
        webhook_secret="whsec_x",
        webhook_url="http://127.0.0.1:9/",
    )
    store = Store(config.data)
    provider = Provider(config=config, store=store)
    asked: list[str] = []
    store._db.set_trace_callback(asked.append)
    with store.transaction():
        store.answer_find("key")
        params = {"line_items": [LINE], "success_url": "http://127.0.0.1:9/back"}
        shape = sessions.create(provider, params, {})
        store.answer_keep("key", "", 200, shape)
    with store.transaction():
        engine.session_pay(provider, store.get("sessions", shape["id"]), outcome="pay")
    with store.transaction():
        engine.sessions_expire_due(provider)
        batch = webhooks._due(provider)
        assert len(batch) == 1
        webhooks._attempt_record(provider, batch[0][0], 200, None)
        assert webhooks._pause(provider) > 0
    store._db.set_trace_callback(None)
    plans = {
        sql: [row["detail"] for row in store._db.execute(f"EXPLAIN QUERY PLAN {sql}")]
        for sql in asked
        if sql.startswith(PLANNED)
    }
    store.close()
    assert any("expires_at <= " in sql for sql in plans)
    scans = {
        sql: plan
        for sql, plan in plans.items()
        if "FROM faults" not in sql and any(step.startswith("SCAN") for step in plan)
    }
    assert not scans
