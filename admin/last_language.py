"""What a stack spoke when it was asked last: the help and errors have no time, or no way, to ask it again."""

import os
from contextlib import suppress
from pathlib import Path

from admin.speech import of_environment
from admin.stack import described


def last_language(stack: str | None) -> str:
    """Of that stack, or of the one that the command means by default; the terminal's if none was asked yet."""
    try:
        kept = _file(stack).read_text().strip()
    except (OSError, ValueError):
        kept = ""
    return kept if kept in ("ru", "en") else of_environment()


def remember(stack: str | None, language: str) -> None:
    """For the next help."""
    with suppress(OSError):  # a folder where nobody may write costs the help its language, and nothing else
        file = _file(stack)
        if not file.is_file() or file.read_text() != language:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(language)


def _file(stack: str | None) -> Path:
    folder, name = described(stack)
    if folder:
        return folder / "language"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "crm-robots" / f"language-of-{name or 'no-stack'}"
