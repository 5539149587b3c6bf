"""The database refuses to change the price history, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION pricing_history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'price_history_append_only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER price_history_append_only BEFORE UPDATE OR DELETE ON pricing_pricerecord
FOR EACH ROW EXECUTE FUNCTION pricing_history_refuse();
"""
BACKWARD = """
DROP TRIGGER price_history_append_only ON pricing_pricerecord;
DROP FUNCTION pricing_history_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
