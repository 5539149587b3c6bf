"""What each warehouse holds is what its ledger says; today that is the main warehouse."""

from django.db import migrations

FORWARD = """
INSERT INTO supply_warehousestock (stock_record_id, warehouse_id, on_hand, reserved)
SELECT stock_record_id, warehouse_id, SUM(quantity), 0
FROM supply_stockmovement GROUP BY stock_record_id, warehouse_id HAVING SUM(quantity) <> 0
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0003_warehouses")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
