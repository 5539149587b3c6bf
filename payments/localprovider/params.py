"""Form bodies with Stripe's bracket nesting, and typed readers for what is in them."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from payments.localprovider.errors import InvalidRequest

MAX_AMOUNT = 99_999_999
MAX_FIELDS = 2_000
MAX_DEPTH = 10
_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")
_HOST = re.compile(r"(?:[A-Za-z0-9_.-]+|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?")
_DIGITS = re.compile(r"-?[0-9]{1,15}")

Params = dict[str, Any]


def params_parse(raw: str) -> Params:
    """``a[b]=1&c[]=2&c[]=3`` becomes ``{"a": {"b": "1"}, "c": ["2", "3"]}``."""
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise InvalidRequest("The request has too many parameters.") from error
    return _nest(pairs)


def _nest(pairs: Iterable[tuple[str, str]]) -> Params:
    root: Params = {}
    for key, value in pairs:
        match = _KEY.fullmatch(key)
        if match is None:
            raise InvalidRequest(f"Invalid parameter name: {key}", param=key)
        parts = [match[1], *_PART.findall(match[2])]
        if len(parts) > MAX_DEPTH:
            raise InvalidRequest(f"Too deeply nested: {key[:40]}", param=key[:40])
        node = root
        for part in parts[:-1]:
            child = node.setdefault(part or str(len(node)), {})
            if not isinstance(child, dict):
                raise InvalidRequest(f"Invalid object: {key}", param=key)
            node = child
        node[parts[-1] or str(len(node))] = value
    return {key: _listed(value) for key, value in root.items()}


def _listed(value: Any) -> Any:
    """Turn ``{"0": …, "1": …}`` into a list, at every depth."""
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(item) for key, item in value.items()}
    if inner and all(re.fullmatch("[0-9]+", key) for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


def missing(name: str) -> InvalidRequest:
    return InvalidRequest(f"Missing required param: {name}.", code="parameter_missing", param=name)


def text(params: Params, name: str, *, required: bool = False, limit: int = 5000) -> str | None:
    """A string, or None when absent or empty."""
    value = params.get(name)
    if value in (None, ""):
        if required:
            raise missing(name)
        return None
    if not isinstance(value, str):
        raise InvalidRequest(f"Invalid string: {name}", param=name)
    if len(value) > limit:
        raise InvalidRequest(
            f"Invalid string: {name} must be at most {limit} characters.", param=name
        )
    return value


def origin(url: str) -> str | None:
    """Scheme, host and port of a web address, or None when it is not one.

    Only letters that a host can have: origins are written into the pages' content policy.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.netloc):
        return None
    return f"{parts.scheme}://{parts.netloc}"


def address(params: Params, name: str, *, required: bool = False) -> str | None:
    """A web address, or None when absent."""
    value = text(params, name, required=required)
    if value is not None and origin(value) is None:
        raise InvalidRequest("Not a valid URL", code="url_invalid", param=name)
    return value


def choice(params: Params, name: str, allowed: Iterable[str], default: str) -> str:
    """One of ``allowed``."""
    value = text(params, name) or default
    options = list(allowed)
    if value not in options:
        raise InvalidRequest(f"Invalid {name}: must be one of {', '.join(options)}", param=name)
    return value


def integer(params: Params, name: str, *, low: int, high: int) -> int | None:
    """A whole number between ``low`` and ``high``, or None when absent."""
    value = text(params, name)
    if value is None:
        return None
    if not _DIGITS.fullmatch(value):
        raise InvalidRequest(
            f"Invalid integer: {value[:40]}", code="parameter_invalid_integer", param=name
        )
    number = int(value)
    if number < low:
        raise InvalidRequest(f"This value must be greater than or equal to {low}.", param=name)
    if number > high:
        raise InvalidRequest(f"This value must be less than or equal to {high}.", param=name)
    return number


def amount(params: Params, name: str) -> int | None:
    """An amount above zero, in the smallest unit of the currency, or None when absent."""
    return integer(params, name, low=1, high=MAX_AMOUNT)


def currency(params: Params, name: str = "currency") -> str:
    """A three-letter code in lower case."""
    value = (text(params, name, required=True) or "").lower()
    if not re.fullmatch("[a-z]{3}", value):
        raise InvalidRequest(f"Invalid currency: {value[:10]}", param=name)
    return value


def mapping(params: Params, name: str) -> Params:
    """A nested object, empty when absent."""
    value = params.get(name) or {}
    if not isinstance(value, dict):
        raise InvalidRequest("Invalid object", param=name)
    return value


def sequence(params: Params, name: str) -> list[Any]:
    """A nested list, empty when absent."""
    value = params.get(name) or []
    if not isinstance(value, list):
        raise InvalidRequest("Invalid array", param=name)
    return value


def metadata(params: Params, name: str = "metadata") -> dict[str, str]:
    """Up to 50 strings; Stripe's limits on their length are kept so that a shop meets them here."""
    raw = params.get(name) or {}
    if isinstance(raw, list):
        raw = {str(index): value for index, value in enumerate(raw)}
    if not isinstance(raw, dict) or len(raw) > 50:
        raise InvalidRequest("Metadata takes at most 50 keys with string values.", param=name)
    for key, value in raw.items():
        if not isinstance(value, str) or len(value) > 500 or len(key) > 40:
            raise InvalidRequest(
                "Metadata keys take at most 40 characters and values 500.",
                param=f"{name}[{key[:40]}]",
            )
    return raw


def metadata_merge(old: dict[str, str], params: Params) -> dict[str, str]:
    """Stripe's update: keys are merged, an empty value removes its key."""
    merged = {**old, **metadata(params)}
    return {key: value for key, value in merged.items() if value != ""}
