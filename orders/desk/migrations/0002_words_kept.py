"""The database keeps the words of an order, whoever writes it, and writes those of the orders there are."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION desk_parts(kind text, said text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    whole text := lower(btrim(said));
    found text[] := '{}';
    part text;
BEGIN
    IF whole IS NULL OR whole = '' THEN
        RETURN found;
    END IF;
    FOREACH part IN ARRAY regexp_split_to_array(whole, '[-_./@+\s]+') LOOP
        IF part <> '' THEN
            found := found || (kind || left(part, 100));
        END IF;
    END LOOP;
    IF cardinality(found) > 1 THEN
        part := regexp_replace(whole, '[-_./@+\s]+', '', 'g');
        found := found || (kind || left(whole, 100)) || (kind || left(part, 100));
    END IF;
    RETURN found;
END $$;
CREATE FUNCTION desk_mail(said text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF said IS NULL OR said = '' THEN
        RETURN '{}';
    END IF;
    RETURN desk_parts('p:', split_part(said, '@', 1))
        || ('p:' || lower(left(said, 100))) || ('p:' || lower(left(split_part(said, '@', 2), 100)));
END $$;
CREATE FUNCTION desk_phone(said text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    digits text := left(regexp_replace(coalesce(said, ''), '\D', '', 'g'), 40);
    found text[] := '{}';
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY[digits, ltrim(substr(digits, 2), '0'), ltrim(substr(digits, 3), '0'),
        ltrim(substr(digits, 4), '0'), right(digits, 6), right(digits, 4)] LOOP
        IF length(part) >= 4 THEN
            found := found || ('p:' || part);
        END IF;
    END LOOP;
    RETURN found;
END $$;
CREATE FUNCTION desk_words(wanted bigint) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
DECLARE
    sold record;
    one record;
    found text[];
BEGIN
    SELECT number, guest_email, user_id, shipping_address_id INTO sold
        FROM order_order WHERE id = wanted;
    found := desk_parts('c:', sold.number) || desk_mail(sold.guest_email);
    FOR one IN SELECT partner_sku AS said FROM order_line WHERE order_id = wanted
        UNION SELECT tracking_number FROM fulfilment_shipment WHERE order_id = wanted
        UNION SELECT tracking_number FROM carriers_label WHERE order_id = wanted LOOP
        found := found || desk_parts('c:', one.said);
    END LOOP;
    FOR one IN SELECT first_name, last_name, email FROM accounts_user WHERE id = sold.user_id LOOP
        found := found || desk_mail(one.email)
            || desk_parts('p:', one.first_name || ' ' || one.last_name);
    END LOOP;
    FOR one IN SELECT first_name, last_name, phone_number FROM order_shippingaddress
        WHERE id = sold.shipping_address_id LOOP
        found := found || desk_parts('p:', one.first_name || ' ' || one.last_name)
            || desk_parts('p:', one.last_name || one.first_name) || desk_phone(one.phone_number);
    END LOOP;
    RETURN array_to_tsvector(found);
END $$;
CREATE FUNCTION desk_words_renew(wanted bigint) RETURNS void LANGUAGE sql AS $$
    UPDATE desk_orderwords SET words = fresh FROM desk_words(wanted) fresh
    WHERE order_id = wanted AND words IS DISTINCT FROM fresh
$$;
CREATE FUNCTION desk_words_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    CASE TG_ARGV[0]
    WHEN 'new' THEN
        INSERT INTO desk_orderwords (order_id, words) VALUES (NEW.id, desk_words(NEW.id))
        ON CONFLICT (order_id) DO UPDATE SET words = EXCLUDED.words;
    WHEN 'order' THEN PERFORM desk_words_renew(NEW.id);
    WHEN 'row' THEN PERFORM desk_words_renew(NEW.order_id);
    WHEN 'gone' THEN PERFORM desk_words_renew(OLD.order_id);
    WHEN 'address' THEN
        PERFORM desk_words_renew(id) FROM order_order WHERE shipping_address_id = NEW.id;
    WHEN 'person' THEN
        PERFORM desk_words_renew(id) FROM order_order WHERE user_id = NEW.id;
    END CASE;
    RETURN NULL;
END $$;
CREATE TRIGGER desk_words_new AFTER INSERT ON order_order
    FOR EACH ROW EXECUTE FUNCTION desk_words_follow('new');
CREATE TRIGGER desk_words_order
    AFTER UPDATE OF number, guest_email, user_id, shipping_address_id ON order_order
    FOR EACH ROW WHEN ((OLD.number, OLD.guest_email, OLD.user_id, OLD.shipping_address_id)
        IS DISTINCT FROM (NEW.number, NEW.guest_email, NEW.user_id, NEW.shipping_address_id))
    EXECUTE FUNCTION desk_words_follow('order');
CREATE TRIGGER desk_words_line AFTER INSERT ON order_line
    FOR EACH ROW EXECUTE FUNCTION desk_words_follow('row');
CREATE TRIGGER desk_words_line_changed AFTER UPDATE OF partner_sku ON order_line
    FOR EACH ROW WHEN (OLD.partner_sku IS DISTINCT FROM NEW.partner_sku)
    EXECUTE FUNCTION desk_words_follow('row');
CREATE TRIGGER desk_words_line_gone AFTER DELETE ON order_line
    FOR EACH ROW EXECUTE FUNCTION desk_words_follow('gone');
CREATE TRIGGER desk_words_parcel AFTER INSERT ON fulfilment_shipment
    FOR EACH ROW WHEN (NEW.tracking_number <> '') EXECUTE FUNCTION desk_words_follow('row');
CREATE TRIGGER desk_words_parcel_changed AFTER UPDATE OF tracking_number ON fulfilment_shipment
    FOR EACH ROW WHEN (OLD.tracking_number IS DISTINCT FROM NEW.tracking_number)
    EXECUTE FUNCTION desk_words_follow('row');
CREATE TRIGGER desk_words_label AFTER INSERT ON carriers_label
    FOR EACH ROW WHEN (NEW.tracking_number <> '') EXECUTE FUNCTION desk_words_follow('row');
CREATE TRIGGER desk_words_label_changed AFTER UPDATE OF tracking_number ON carriers_label
    FOR EACH ROW WHEN (OLD.tracking_number IS DISTINCT FROM NEW.tracking_number)
    EXECUTE FUNCTION desk_words_follow('row');
CREATE TRIGGER desk_words_address
    AFTER UPDATE OF first_name, last_name, phone_number ON order_shippingaddress
    FOR EACH ROW WHEN ((OLD.first_name, OLD.last_name, OLD.phone_number)
        IS DISTINCT FROM (NEW.first_name, NEW.last_name, NEW.phone_number))
    EXECUTE FUNCTION desk_words_follow('address');
CREATE TRIGGER desk_words_person AFTER UPDATE OF email, first_name, last_name ON accounts_user
    FOR EACH ROW WHEN ((OLD.email, OLD.first_name, OLD.last_name)
        IS DISTINCT FROM (NEW.email, NEW.first_name, NEW.last_name))
    EXECUTE FUNCTION desk_words_follow('person');
INSERT INTO desk_orderwords (order_id, words) SELECT id, desk_words(id) FROM order_order;
"""
TRIGGERS = {
    "order_order": ("new", "order"),
    "order_line": ("line", "line_changed", "line_gone"),
    "fulfilment_shipment": ("parcel", "parcel_changed"),
    "carriers_label": ("label", "label_changed"),
    "order_shippingaddress": ("address",),
    "accounts_user": ("person",),
}
BACKWARD = "\n".join(
    [
        *(
            f"DROP TRIGGER desk_words_{name} ON {table};"
            for table, names in TRIGGERS.items()
            for name in names
        ),
        "DROP FUNCTION desk_words_follow();",
        "DROP FUNCTION desk_words_renew(bigint);",
        "DROP FUNCTION desk_words(bigint);",
        "DROP FUNCTION desk_phone(text);",
        "DROP FUNCTION desk_mail(text);",
        "DROP FUNCTION desk_parts(text, text);",
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_initial"),
        ("accounts", "__first__"),
        ("carriers", "0001_labels_and_messages"),
        ("fulfilment", "0002_consignments"),
        ("order", "0022_house_constraints"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
