"""Which files are made, and of what."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

from admin.guide.page import page
from admin.guide.schema import schema
from admin.stack import ROOT


def _schema_text() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


FILES: dict[Path, Callable[[], str]] = {
    ROOT / "docs" / "settings.md": partial(page, "en"),
    ROOT / "docs" / "settings.ru.md": partial(page, "ru"),
    ROOT / "settings" / "schema.json": _schema_text,
}
