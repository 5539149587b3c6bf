"""What every part of the provider shares."""

import asyncio
from dataclasses import dataclass, field

from payments.localprovider.config import Config
from payments.localprovider.store import Store


@dataclass
class Provider:
    """The settings, the state, and the bell that wakes the delivery worker."""

    config: Config
    store: Store
    wake: asyncio.Event = field(default_factory=asyncio.Event)
