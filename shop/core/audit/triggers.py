"""The SQL that notes changes: one function for the whole house, and triggers that call it.

The function reads who acts from what `shop.core.audit.acting` says to the transaction. Without that,
triggers of tables that are not watched always do not even call it.
"""

from hashlib import sha256

from psycopg import sql

from shop.core.audit.watching import Watch

ACTED = "coalesce(current_setting('pghistory.context_metadata', true), '') <> ''"
PREFIX = "audit_on_"
FUNCTION = "audit_note"

# In a loader that says so itself (`quietly`) nothing is noted row by row.
BODY = """
DECLARE
    said jsonb := nullif(current_setting('pghistory.context_metadata', true), '')::jsonb;
    was jsonb;
    is_now jsonb;
    item jsonb;
    name text;
BEGIN
    IF coalesce(current_setting('audit.quiet', true), '') <> '' THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        was := to_jsonb(OLD) - TG_ARGV[4]::text[];
    END IF;
    IF TG_OP <> 'DELETE' THEN
        is_now := to_jsonb(NEW) - TG_ARGV[4]::text[];
    END IF;
    item := coalesce(is_now, was);
    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_object_agg(one.key, one.value), jsonb_object_agg(one.key, item -> one.key)
            INTO was, is_now
            FROM jsonb_each(was) AS one WHERE one.value IS DISTINCT FROM item -> one.key;
        IF was IS NULL THEN
            RETURN NULL;
        END IF;
    ELSE
        was := jsonb_strip_nulls(was);
        is_now := jsonb_strip_nulls(is_now);
    END IF;
    FOREACH name IN ARRAY TG_ARGV[5]::text[] LOOP
        IF was ? name THEN was := was || jsonb_build_object(name, '*'); END IF;
        IF is_now ? name THEN is_now := is_now || jsonb_build_object(name, '*'); END IF;
    END LOOP;
    INSERT INTO audit_entry (
        request, actor, origin, address, place, action, label, object_key, subject, old, new, reason
    ) VALUES (
        nullif(current_setting('pghistory.context_id', true), '')::uuid,
        (said ->> 'user')::bigint,
        coalesce(said ->> 'origin', 'database'),
        coalesce(said ->> 'address', ''),
        left(coalesce(said ->> 'place', current_setting('application_name')), 200),
        CASE TG_OP WHEN 'INSERT' THEN 'add' WHEN 'UPDATE' THEN 'change' ELSE 'remove' END,
        TG_ARGV[0],
        left(item ->> TG_ARGV[1], 120),
        TG_ARGV[2] || ':' || left(coalesce(item ->> TG_ARGV[3], ''), 100),
        was,
        is_now,
        left(coalesce(said ->> 'reason', ''), 200)
    );
    RETURN NULL;
END
"""


def function_sql() -> str:
    return f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $note${BODY}$note$"


def triggers_of(watch: Watch) -> dict[str, str]:
    """The statements that make the triggers of a table, by name; the name tells the content."""
    made = {}
    for operation in watch.operations:
        text = _trigger_sql(watch, operation)
        name = f"{PREFIX}{operation.lower()}_{sha256(text.encode()).hexdigest()[:12]}"
        made[name] = text.replace("{name}", name)
    return made


def _trigger_sql(watch: Watch, operation: str) -> str:
    event = operation
    if operation == "UPDATE":
        columns = sql.SQL(", ").join(map(sql.Identifier, watch.columns)).as_string(None)
        event = f"UPDATE OF {columns}"
    table = sql.Identifier(watch.table).as_string(None)
    arguments = (
        watch.label,
        watch.key,
        watch.subject,
        watch.subject_column,
        _array(watch.left_out),
        _array(watch.secret),
    )
    words = ", ".join("'" + one.replace("'", "''") + "'" for one in arguments)
    when = _when(watch, operation)
    return (
        f"CREATE TRIGGER {{name}} AFTER {event} ON {table} FOR EACH ROW {when}"
        f" EXECUTE FUNCTION {FUNCTION}({words})"
    )


def _when(watch: Watch, operation: str) -> str:
    if watch.always == "true":
        return ""
    if not watch.always:
        return f"WHEN ({ACTED})"
    rows = {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}[operation]
    holds = " OR ".join(f"({watch.always.replace('ROW.', f'{row}.')})" for row in rows)
    return f"WHEN ({ACTED} OR {holds})"


def _array(names: tuple[str, ...]) -> str:
    return "{" + ",".join(f'"{one}"' for one in names) + "}"
