"""Beside a step that cannot be undone: why."""

from django import template

from shop.core import steps

register = template.Library()


@register.inclusion_tag("components/office/no_undo.html")
def no_undo(name: str, label: str = "", classname: str = "") -> dict[str, str]:
    """``name``: of the step's address in the back office, or of its service. Nothing where it has an undo.

    ``label`` says which step is meant, where the button stands elsewhere.
    """
    return {"why": steps.no_undo(name), "label": label, "classname": classname}
