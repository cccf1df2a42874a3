"""The `portal` section: what all robots share."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from crm_robots.settings.addresses import Host
from crm_robots.settings.base import Strict
from crm_robots.settings.fields import Person

_USUAL_ZONES = [
    *("Europe/Moscow", "Europe/Kaliningrad", "Europe/Minsk", "Europe/Samara", "Asia/Almaty", "Asia/Yekaterinburg"),
    *("Asia/Omsk", "Asia/Novosibirsk", "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok"),
]


_OFFSET = re.compile(r"(?P<base>UTC|GMT|MSK|МСК)? *(?P<sign>[+-])? *(?P<hours>\d{1,2})?(?::?(?P<minutes>\d\d))?", re.I)
_MOSCOW = timedelta(hours=3)
_STANDARD = datetime(2026, 1, 15, tzinfo=UTC)


def _known_timezone(name: str) -> str:
    zones = available_timezones()
    if name not in zones:
        # Nobody who writes MSK means MST, and Etc/GMT+3 is three hours behind, not ahead.
        known = sorted(zone for zone in zones if "/" in zone and not zone.startswith("Etc/"))
        near = _cities(_offset(name), known)
        raise PydanticCustomError("timezone", "IANA time zone", {"known": known, "usual": _USUAL_ZONES, "near": near})
    return name


def _offset(text: str) -> timedelta | None:
    """`GMT+3`, `UTC +05:30`, `MSK+2`, `+3`: hours ahead of UTC."""
    found = _OFFSET.fullmatch(text.strip())
    if not found or not (found["base"] or found["sign"]):
        return None
    ahead = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    base = _MOSCOW if (found["base"] or "").upper() in ("MSK", "МСК") else timedelta()
    return base - ahead if found["sign"] == "-" else base + ahead


def _cities(offset: timedelta | None, known: list[str]) -> list[str]:
    """Cities of that offset: the usual ones of our users, else up to four of the world's."""
    if offset is None:
        return []
    fitting = [zone for zone in known if ZoneInfo(zone).utcoffset(_STANDARD) == offset]
    return [zone for zone in _USUAL_ZONES if zone in fitting] or fitting[:4]


class Portal(Strict):
    """Time zone, language, and whom to tell when something needs a person."""

    timezone: Annotated[str, AfterValidator(_known_timezone)] = Field(
        "Europe/Moscow", description="IANA name; calendar days and the notification time are read in it."
    )
    language: Literal["ru", "en"] = Field("ru", description="Language of the texts that robots compose themselves.")
    admins: Annotated[list[Person], Field(min_length=1, max_length=50)] = Field(
        description="Users told of rejected settings and of work given up: e-mail, full name or id."
    )
    hosts: Annotated[list[Host], Field(max_length=20)] = Field(
        [],
        description="The portal's names (its own domain, inner and outer ones): webhooks under others are refused. "
        "A name without a port covers every port. Empty: any name, the token decides.",
    )
