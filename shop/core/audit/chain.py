"""What a link of the chain covers, and the questions that find where it is broken."""

GENESIS = bytes(32)

#: All that an entry says, as one text; ``e`` is the entry.
CONTENT = (
    "jsonb_build_array(e.id, extract(epoch FROM e.at), e.request, e.actor, e.origin, e.address,"
    " e.place, e.action, e.label, e.object_key, e.subject, e.old, e.new, e.reason)::text"
)

#: Links from one number to another that do not follow from the one before, with what is wrong.
BROKEN = f"""
SELECT s.number, s.entry_key, e.id IS NULL, p.number IS NULL AND s.number > 1
FROM audit_seal s
LEFT JOIN audit_entry e ON e.id = s.entry_key
LEFT JOIN audit_seal p ON p.number = s.number - 1
WHERE s.number BETWEEN %s AND %s AND (
    e.id IS NULL OR (p.number IS NULL AND s.number > 1)
    OR s.digest IS DISTINCT FROM sha256(
        coalesce(p.digest, decode(repeat('00', 32), 'hex')) || convert_to({CONTENT}, 'UTF8')
    )
)
ORDER BY s.number LIMIT %s
"""  # noqa: S608  constants

#: Entries that are older than some moment and have no link.
LOOSE = """
SELECT e.id FROM audit_entry e LEFT JOIN audit_seal s ON s.entry_key = e.id
WHERE s.number IS NULL AND e.at < %s ORDER BY e.id LIMIT %s
"""
