"""The statements of the outbox. Each order has a dozen deliveries: writing SQL anew took longer than most handlers."""

#: Events and what their handlers are to hear, in one statement; keys are counted in the order of the rows.
EMIT_SQL = """
WITH given AS (
    SELECT * FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS given (name, payload, place)
), event AS (
    INSERT INTO core_outboxevent (name, payload, created_at)
    SELECT name, payload::jsonb, %s FROM given ORDER BY place RETURNING id
), placed AS (
    SELECT id, row_number() OVER (ORDER BY id) AS place FROM event
), told AS (
    INSERT INTO core_outboxdelivery (event_id, handler, attempts, due_at, last_error, delivered_at)
    SELECT placed.id, hearer.name, 0, %s, '', CASE WHEN hearer.is_told = 1 THEN %s::timestamptz END
    FROM unnest(%s::bigint[], %s::text[], %s::int[])
        WITH ORDINALITY AS hearer (event, name, is_told, place)
    JOIN placed ON placed.place = hearer.event
    ORDER BY hearer.place
)
SELECT id FROM placed ORDER BY place
"""

#: A delivery that waits, in words that the index of all that is due does not know: found by its own key then, and
#: not among thousands that wait. PostgreSQL would take them for few, for mostly none do.
_WAITS = "COALESCE(one.delivered_at, one.parked_at) IS NULL"

#: What is due first, and where its handler shares its transaction, what else does so about the same order.
NEXT_SQL = f"""
WITH first AS (
    SELECT id, event_id, handler FROM core_outboxdelivery
    WHERE delivered_at IS NULL AND parked_at IS NULL AND due_at <= %s
    ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
), about AS (
    SELECT first.event_id, event.payload ->> 'order_number' AS number
    FROM first JOIN core_outboxevent event ON event.id = first.event_id
    WHERE first.handler = ANY (%s)
), event AS (
    SELECT event_id AS id FROM about
    UNION
    SELECT other.id FROM about JOIN core_outboxevent other
    ON other.payload ->> 'order_number' = about.number
), near AS (
    SELECT id FROM first
    UNION
    SELECT one.id FROM event JOIN core_outboxdelivery one ON one.event_id = event.id
    WHERE one.handler = ANY (%s)
    AND {_WAITS} AND one.due_at <= %s
)
SELECT one.id, one.handler, event.name, event.payload
FROM near JOIN core_outboxdelivery one ON one.id = near.id
JOIN core_outboxevent event ON event.id = one.event_id
WHERE {_WAITS}
ORDER BY one.id FOR UPDATE OF one SKIP LOCKED
"""  # noqa: S608  names of our own

#: What is due of one event to some handlers.
NEXT_TO_SQL = f"""
SELECT one.id, one.handler, event.name, event.payload
FROM core_outboxdelivery one JOIN core_outboxevent event ON event.id = one.event_id
WHERE {_WAITS} AND one.due_at <= %s
AND one.event_id = %s AND one.handler = ANY (%s)
ORDER BY one.due_at, one.id LIMIT 1 FOR UPDATE OF one SKIP LOCKED
"""  # noqa: S608  names of our own

DELIVERED_SQL = "UPDATE core_outboxdelivery SET delivered_at = %s WHERE id = ANY (%s)"
