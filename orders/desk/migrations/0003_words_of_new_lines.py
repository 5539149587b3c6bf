"""A new line adds its words to those of its order: to gather all of them anew took longer than to place it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION desk_words_add() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE desk_orderwords SET words = words || fresh
    FROM array_to_tsvector(desk_parts('c:', NEW.partner_sku)) fresh
    WHERE order_id = NEW.order_id AND words IS DISTINCT FROM words || fresh;
    RETURN NULL;
END $$;
DROP TRIGGER desk_words_line ON order_line;
CREATE TRIGGER desk_words_line AFTER INSERT ON order_line
    FOR EACH ROW EXECUTE FUNCTION desk_words_add();
"""
BACKWARD = """
DROP TRIGGER desk_words_line ON order_line;
CREATE TRIGGER desk_words_line AFTER INSERT ON order_line
    FOR EACH ROW EXECUTE FUNCTION desk_words_follow('row');
DROP FUNCTION desk_words_add();
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0002_words_kept")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
