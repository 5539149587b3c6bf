"""A picture that comes in is drawn; one that nobody shows any more goes."""

from functools import partial

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save

from catalog.pictures.selectors import places
from catalog.pictures.services import pictures_drop_unused, pictures_notice
from catalog.pictures.tasks import picture_widths
from shop.core.tasks import send_quietly

BEFORE = "_picture_before"  # attribute of a row while it is being saved


def connect() -> None:
    """Listen to every column that names a picture."""
    for model, column in places():
        place = f"catalog.pictures.{model._meta.label_lower}"
        for signal, handler in (
            (pre_save, _on_save),
            (post_save, _on_saved),
            (post_delete, _on_deleted),
        ):
            signal.connect(
                partial(handler, column=column), sender=model, dispatch_uid=place, weak=False
            )


def _on_save(instance: Model, column: str, raw: bool = False, **kwargs: object) -> None:
    """Remember which picture the row showed until now. One query, and none for a new row."""
    if raw or instance._state.adding:
        return
    rows = type(instance)._base_manager.filter(pk=instance.pk)
    setattr(instance, BEFORE, rows.values_list(column, flat=True).first() or "")


def _name(instance: Model, column: str) -> str:
    """ "" for none, and for a column that was not read: asking would be a query."""
    return str(instance.__dict__.get(column) or "")


def _on_saved(instance: Model, column: str, raw: bool = False, **kwargs: object) -> None:
    """Widths are drawn beside the request; until then pages show the original."""
    if raw:
        return
    name, before = _name(instance, column), instance.__dict__.pop(BEFORE, "")
    for one in pictures_notice([name] if name else []):
        transaction.on_commit(partial(send_quietly, picture_widths, one))
    if before and before != name:
        pictures_drop_unused([before])


def _on_deleted(instance: Model, column: str, **kwargs: object) -> None:
    pictures_drop_unused([_name(instance, column)])
