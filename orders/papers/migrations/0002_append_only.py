"""What was issued is never changed: the database refuses UPDATE and DELETE on papers."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION papers_document_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'documents_append_only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER documents_append_only BEFORE UPDATE OR DELETE ON papers_document
FOR EACH ROW EXECUTE FUNCTION papers_document_refuse();
"""
BACKWARD = """
DROP TRIGGER documents_append_only ON papers_document;
DROP FUNCTION papers_document_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
