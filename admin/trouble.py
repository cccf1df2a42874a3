"""What the administrator can put right."""


class Trouble(Exception):  # noqa: N818 - it is shown as a line, not handled by its name
    """One clear line for the person at the keyboard; the command ends with `code`."""

    def __init__(self, text: str, code: int = 1) -> None:
        self.code = code
        super().__init__(text)
