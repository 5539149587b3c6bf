"""Failures as Stripe words them."""

from typing import Any


class ApiError(Exception):
    """An error answer.

    ``keeps_effect`` says that what was written before the error stands: a declined card
    leaves a failed charge behind, a wrong parameter leaves nothing.
    """

    keeps_effect = False

    def __init__(self, status: int, kind: str, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "error": {
                "type": kind,
                "message": message,
                **{name: value for name, value in extra.items() if value is not None},
            }
        }


class InvalidRequest(ApiError):
    """The request makes no sense, or not now (400)."""

    def __init__(self, message: str, *, code: str | None = None, param: str | None = None) -> None:
        super().__init__(400, "invalid_request_error", message, code=code, param=param)


class NotFound(ApiError):
    """No such object (404)."""

    def __init__(self, noun: str, key: str, *, param: str = "id") -> None:
        super().__init__(
            404,
            "invalid_request_error",
            f"No such {noun}: '{key}'",
            code="resource_missing",
            param=param,
        )


class CardDeclined(ApiError):
    """The bank said no (402)."""

    keeps_effect = True

    def __init__(self, failure: dict[str, Any], **extra: Any) -> None:
        super().__init__(
            402,
            "card_error",
            failure["message"],
            code=failure["code"],
            decline_code=failure.get("decline_code"),
            **extra,
        )
