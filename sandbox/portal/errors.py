"""The portal's refusals, in Bitrix24's words and codes."""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a failure of the program
    """The portal says no: `error` and `error_description` of the answer, with its HTTP status."""

    def __init__(self, code: str | int, text: str = "", status: int = 400) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.status = status


def not_found(text: str = "Not found") -> Refusal:
    """The object is missing, or hidden from whoever asks."""
    return Refusal("NOT_FOUND", text)


def access_denied(text: str = "Access denied", status: int = 400) -> Refusal:
    """The object is there, but not for this user."""
    return Refusal("ACCESS_DENIED", text, status)


def missing(name: str) -> Refusal:
    """A parameter of the method is absent; the wording is that of Bitrix24's engine."""
    return Refusal("100", f"Could not find value for parameter {{{name}}}")
