"""The database refuses to change a movement; that who booked it is gone may be noted."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION wallets_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.by_id IS NULL
        AND to_jsonb(NEW) - 'by_id' = to_jsonb(OLD) - 'by_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'wallet_entry_append_only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER wallet_entry_append_only BEFORE UPDATE OR DELETE ON wallets_walletentry
FOR EACH ROW EXECUTE FUNCTION wallets_entry_refuse();
"""
BACKWARD = """
DROP TRIGGER wallet_entry_append_only ON wallets_walletentry;
DROP FUNCTION wallets_entry_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("wallets", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
