"""What the database holds of the ledger by itself, whoever writes.

- The entries of a transaction come in one statement and add up to zero; there are at least two.
  Looked at once per statement, not per row, so that a past of thousands of orders is booked in
  seconds. A transaction without entries is refused when the work is committed.
- Nothing is changed or deleted; that somebody's account is gone may be noted.
- Nothing is booked on a closed day: what comes late goes on the first open one. Bookings share an
  advisory lock that closing a day takes alone, so none slips in beside it. Days close in order.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE off bigint;
BEGIN
    SELECT f.transaction_id INTO off
    FROM (SELECT transaction_id, sum(amount) AS total, count(*) AS rows
          FROM fresh GROUP BY transaction_id) f
    WHERE f.total <> 0 OR f.rows < 2 OR f.rows <>
          (SELECT count(*) FROM ledger_entry e WHERE e.transaction_id = f.transaction_id)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger_entries_balance: transaction % does not add up to zero', off
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entries_balance AFTER INSERT ON ledger_entry
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_balance();

CREATE FUNCTION ledger_transaction_filled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.transaction_id = NEW.id) THEN
        RAISE EXCEPTION 'ledger_transaction_filled: transaction % has no entries', NEW.id
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_transaction_filled AFTER INSERT ON ledger_transaction
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_transaction_filled();

CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_NARGS = 1 THEN
        IF (to_jsonb(NEW) ->> TG_ARGV[0]) IS NULL
            AND to_jsonb(NEW) - TG_ARGV[0] = to_jsonb(OLD) - TG_ARGV[0] THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'ledger_append_only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_transaction
FOR EACH ROW EXECUTE FUNCTION ledger_refuse('actor_id');
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_entry
FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_account
FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_dayclose
FOR EACH ROW EXECUTE FUNCTION ledger_refuse('closed_by_id');
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_daytotal
FOR EACH ROW EXECUTE FUNCTION ledger_refuse();

CREATE FUNCTION ledger_day_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE closed date;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7340412);
    SELECT max(day) INTO closed FROM ledger_dayclose;
    IF NEW.booked_on <= closed THEN
        NEW.booked_on := closed + 1;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_day_open BEFORE INSERT ON ledger_transaction
FOR EACH ROW EXECUTE FUNCTION ledger_day_open();

CREATE FUNCTION ledger_days_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7340412);
    IF EXISTS (SELECT 1 FROM ledger_dayclose WHERE day >= NEW.day) THEN
        RAISE EXCEPTION 'ledger_days_in_order: % is closed already', NEW.day
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_days_in_order BEFORE INSERT ON ledger_dayclose
FOR EACH ROW EXECUTE FUNCTION ledger_days_in_order();
"""
BACKWARD = """
DROP TRIGGER ledger_entries_balance ON ledger_entry;
DROP TRIGGER ledger_transaction_filled ON ledger_transaction;
DROP TRIGGER ledger_append_only ON ledger_transaction;
DROP TRIGGER ledger_append_only ON ledger_entry;
DROP TRIGGER ledger_append_only ON ledger_account;
DROP TRIGGER ledger_append_only ON ledger_dayclose;
DROP TRIGGER ledger_append_only ON ledger_daytotal;
DROP TRIGGER ledger_day_open ON ledger_transaction;
DROP TRIGGER ledger_days_in_order ON ledger_dayclose;
DROP FUNCTION ledger_entries_balance();
DROP FUNCTION ledger_transaction_filled();
DROP FUNCTION ledger_refuse();
DROP FUNCTION ledger_day_open();
DROP FUNCTION ledger_days_in_order();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
