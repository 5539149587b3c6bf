from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_append_only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_keeps_rows BEFORE UPDATE OR DELETE ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_keeps_rows BEFORE UPDATE OR DELETE ON audit_seal
FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_keeps_rows BEFORE UPDATE OR DELETE ON audit_anchor
FOR EACH ROW EXECUTE FUNCTION audit_refuse();

CREATE FUNCTION audit_queue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_waiting (entry_key) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER audit_queues AFTER INSERT ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_queue();
"""
BACKWARD = """
DROP TRIGGER audit_queues ON audit_entry;
DROP TRIGGER audit_keeps_rows ON audit_entry;
DROP TRIGGER audit_keeps_rows ON audit_seal;
DROP TRIGGER audit_keeps_rows ON audit_anchor;
DROP FUNCTION audit_queue();
DROP FUNCTION audit_refuse() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
