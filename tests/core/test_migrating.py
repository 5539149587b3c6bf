"""A migration builds only the models next to the changed one, and Python code sees all of them fresh."""

from django.core.management import get_commands
from django.db import migrations, models
from django.db.migrations.state import ProjectState

from shop.core.migrating import neighbours_only


def chain() -> ProjectState:
    """Street ← House ← Room, each pointing to the one before."""
    state = ProjectState()
    fields = {"Street": [], "House": [("street", "Street")], "Room": [("house", "House")]}
    for name, links in fields.items():
        operation = migrations.CreateModel(
            name,
            [("id", models.BigAutoField(primary_key=True))]
            + [(link, models.ForeignKey(f"town.{to}", models.CASCADE)) for link, to in links],
        )
        operation.state_forwards("town", state)
    return state


def test_only_neighbours_are_built_anew_until_python_code_wants_all_of_them():
    state = chain()
    before = {name: state.apps.get_model("town", name) for name in ("Street", "House", "Room")}

    with neighbours_only():
        add = migrations.AddField("Street", "name", models.TextField(default=""))
        add.state_forwards("town", state)

    street, house, room = (state.apps.get_model("town", name) for name in before)
    assert street is not before["Street"]
    assert house._meta.get_field("street").related_model is street
    assert room is before["Room"]
    state.clear_delayed_apps_cache()  # what Django does before `RunPython`
    room, house = (state.apps.get_model("town", name) for name in ("Room", "House"))
    assert room._meta.get_field("house").related_model is house


def test_it_is_the_command_that_runs():
    assert get_commands()["migrate"] == "shop.core"
