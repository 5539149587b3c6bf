"""Which tables are watched and how, from `shop.settings.audit`."""

from dataclasses import dataclass, field

from django.apps import apps
from django.conf import settings
from django.db import models


@dataclass(frozen=True)
class Watch:
    """One table. ``always`` is SQL with ``ROW`` for the row, "true", or empty: then only the team's
    changes are noted. ``operations`` are those of PostgreSQL."""

    label: str
    table: str
    key: str
    subject: str
    subject_column: str
    columns: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    always: str = ""
    operations: tuple[str, ...] = field(default=("INSERT", "UPDATE", "DELETE"))


def watched() -> list[Watch]:
    """Every table but those that the settings leave out, in the order of the apps."""
    found, tables = [], set()
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.proxy or not meta.managed or meta.db_table in tables:
            continue
        if meta.label_lower not in settings.AUDIT_NOT:
            tables.add(meta.db_table)
            found.append(watch_of(model))
    return found


def watch_of(model: type[models.Model]) -> Watch:
    meta, label = model._meta, model._meta.label_lower
    columns = tuple(str(one.column) for one in meta.local_concrete_fields)
    left_out = settings.AUDIT_COLUMNS_NOT.get(label, set())
    subject, column = subject_of(model)
    always = "true" if label in settings.AUDIT_ALWAYS else settings.AUDIT_ALWAYS_IF.get(label, "")
    operations = ("UPDATE",) if label in settings.AUDIT_CHANGES_ONLY else None
    return Watch(
        label=label,
        table=meta.db_table,
        key=str(meta.pk.column),
        subject=subject,
        subject_column=column,
        columns=tuple(one for one in columns if one not in left_out),
        left_out=tuple(sorted(left_out)),
        secret=tuple(sorted(settings.AUDIT_SECRET.get(label, set()))),
        always=always,
        **({"operations": operations} if operations else {}),
    )


def subject_of(model: type[models.Model]) -> tuple[str, str]:
    """The label of what a row belongs to and the column that says which: itself, if nothing else."""
    label = model._meta.label_lower
    if label in settings.AUDIT_BELONGS:
        return settings.AUDIT_BELONGS[label]
    if label not in settings.AUDIT_MAIN:
        for one in model._meta.local_concrete_fields:
            meta = getattr(getattr(one, "related_model", None), "_meta", None)
            above = meta.label_lower if meta is not None else ""
            falls = getattr(getattr(one, "remote_field", None), "on_delete", None)
            if above in settings.AUDIT_MAIN and falls in (models.CASCADE, models.PROTECT):
                return above, str(one.column)
    return label, str(model._meta.pk.column)
