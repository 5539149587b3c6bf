"""One set of settings; the environment decides (see docs/operations.md)."""

from .audit import *  # noqa: F403
from .base import *  # noqa: F403
from .celery import *  # noqa: F403
from .levels import *  # noqa: F403
from .logging import *  # noqa: F403
from .oscar import *  # noqa: F403
from .pages import *  # noqa: F403
from .seller import *  # noqa: F403

from .office import *  # noqa: F403  # isort: skip  after Oscar's defaults
