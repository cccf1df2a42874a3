"""The draws of a lead in words, for whoever asks why somebody got a service (R7)."""

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from crm_robots.robots.routing import texts_en, texts_ru
from crm_robots.robots.routing.memory import Draw, MainDraw, RoutingMemory
from crm_robots.robots.routing.reasons import why
from crm_robots.shared.people import Directory
from crm_robots.shared.portal import PortalRules

_LINK = re.compile(r"\[/?URL[^\]]*\]")
_WORDS = {"ru": texts_ru.DRAWS, "en": texts_en.DRAWS}


def describe(memory: RoutingMemory, directory: Directory, portal: PortalRules) -> list[str]:
    """Lines of text: each draw with who took part, who did not and why, and what decided."""
    lines = [line for draw in memory.draws for line in _draw(draw, memory, directory, portal)]
    return lines + ([_main(memory.main, directory, portal.language)] if memory.main else [])


def _draw(draw: Draw, memory: RoutingMemory, directory: Directory, portal: PortalRules) -> Iterator[str]:
    words = _WORDS[portal.language]
    at = datetime.fromtimestamp(draw.at, ZoneInfo(portal.timezone))
    manager, reason = directory.name(draw.manager), _LINK.sub("", why(draw, portal))
    yield words["draw"].format(at=f"{at:%Y-%m-%d %H:%M}", service=draw.label, manager=manager, why=reason)
    deal = memory.deal_ids.get(draw.service)
    yield words["deal"].format(deal=deal) if deal else words["no_deal"]
    names = ", ".join(map(directory.name, draw.eligible))
    yield words["eligible"].format(names=names) if names else words["nobody"]
    if draw.numbers:
        counted = ", ".join(f"{directory.name(user)} {number}" for user, number in draw.numbers.items())
        yield words[f"numbers_{draw.way}"].format(names=counted)
    if draw.chance is not None:
        yield words["chance"].format(chance=draw.chance)
    for reason_out in ("absent", "dismissed", "not_employee"):
        if out := [directory.name(one.user) for one in draw.left_out if one.why == reason_out]:
            yield words[reason_out].format(names=", ".join(out))
    if draw.absences_unknown:
        yield words["absences_unknown"]


def _main(main: MainDraw, directory: Directory, language: str) -> str:
    names = ", ".join(map(directory.name, main.among))
    key = "main" if main.chance is None else "main_random"
    return _WORDS[language][key].format(manager=directory.name(main.manager), chance=main.chance, names=names)
