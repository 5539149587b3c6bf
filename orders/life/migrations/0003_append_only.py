"""The database refuses to change what happened; that somebody is gone may be noted."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION life_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.actor_id IS NULL
        AND to_jsonb(NEW) - 'actor_id' = to_jsonb(OLD) - 'actor_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'order_event_append_only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER order_event_append_only BEFORE UPDATE OR DELETE ON life_orderevent
FOR EACH ROW EXECUTE FUNCTION life_event_refuse();
"""
BACKWARD = """
DROP TRIGGER order_event_append_only ON life_orderevent;
DROP FUNCTION life_event_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("life", "0002_events_messages")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
