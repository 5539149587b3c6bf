"""The database refuses to change a rate, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION exchange_rates_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'exchange_rates_append_only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER exchange_rates_append_only BEFORE UPDATE OR DELETE ON exchange_exchangerate
FOR EACH ROW EXECUTE FUNCTION exchange_rates_refuse();
"""
BACKWARD = """
DROP TRIGGER exchange_rates_append_only ON exchange_exchangerate;
DROP FUNCTION exchange_rates_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
