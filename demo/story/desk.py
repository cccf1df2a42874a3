"""A Monday: the head sees how the week was, without a login."""

import json
from datetime import timedelta

from demo.theatre import Theatre

_MONDAY = 0


def monday(theatre: Theatre) -> None:
    """The letter, the page, and the same figures in the command."""
    theatre.chapter("Понедельник руководителя", "The head's Monday")
    today = theatre.portal.clock.now().date()
    day = today + timedelta(days=(_MONDAY - today.weekday()) % 7 or 7)
    theatre.say("Наступает понедельник.", "Monday comes.")
    theatre.morning(day)
    letter = theatre.expect(
        "Елена Соколова получила письмо недели", "Elena Sokolova got the week's letter",
        lambda: theatre.notification("Соколова", "/desk/"),
    )  # fmt: skip
    link = theatre.link_in(letter or "", "/desk/")
    theatre.expect(
        "По ссылке из письма — её люди и их клиенты", "Behind its link are her people and their clients",
        lambda: bool(link) and theatre.opens(link, "Кузнецова", "Смирнов", "<svg"), show=link,
    )  # fmt: skip
    theatre.expect(
        "Администратор видит те же цифры командой robots load",
        "The administrator sees the same figures with robots load",
        lambda: _has_clients(theatre.robots("load", "--json")),
    )  # fmt: skip


def _has_clients(printed: str) -> bool:
    """Whether somebody of the snapshot looks after clients."""
    managers = json.loads(printed or "{}").get("managers", [])
    return any(sum(one["clients"].values()) for one in managers)
