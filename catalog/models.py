"""Oscar's catalogue; texts exist once per language (catalog/translation.py)."""

from oscar.apps.catalogue.models import *  # noqa: F403
