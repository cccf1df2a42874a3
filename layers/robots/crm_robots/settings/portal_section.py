"""The `portal` section: what all robots share."""

from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from crm_robots.settings.base import Name, Strict

_USUAL_ZONES = [
    *("Europe/Kaliningrad", "Europe/Moscow", "Europe/Minsk", "Europe/Samara", "Asia/Almaty", "Asia/Yekaterinburg"),
    *("Asia/Omsk", "Asia/Novosibirsk", "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok"),
]


def _known_timezone(name: str) -> str:
    zones = available_timezones()
    if name not in zones:
        known = sorted(zone for zone in zones if "/" in zone)  # nobody who writes MSK means MST
        raise PydanticCustomError("timezone", "IANA time zone", {"known": known, "usual": _USUAL_ZONES})
    return name


class Portal(Strict):
    """Time zone, language, and whom to tell when something needs a person."""

    timezone: Annotated[str, AfterValidator(_known_timezone)] = Field(
        "Europe/Moscow", description="IANA name; calendar days and the notification time are read in it."
    )
    language: Literal["ru", "en"] = Field("ru", description="Language of the texts that robots compose themselves.")
    admins: Annotated[list[Name], Field(min_length=1, max_length=50)] = Field(
        description="Users told of rejected settings and of work given up: e-mail, full name or id."
    )
