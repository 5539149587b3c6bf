"""One delivery as it goes over the wire, whatever protocol it speaks."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """Where it goes and what it says. An empty ``url`` is sent to nobody."""

    url: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
