"""The `client_status` section: statuses of regular clients, their days, and who is told."""

import re
from typing import Annotated, Any, ClassVar, Literal, Self

import holidays
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from crm_robots.settings.base import (
    Days,
    FieldCode,
    SectionModel,
    Strict,
    Text,
    UserFieldCode,
    Value,
    each_once,
    number_to_text,
    placeholders,
    with_english,
)
from crm_robots.settings.fields import Person, Transfer

_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


def _two_digits(value: Any) -> Any:
    """`9:00` is `09:00`. `at: 9` is no text, and yet a time is what is wanted."""
    text = number_to_text(value)
    return f"0{text}" if isinstance(text, str) and re.fullmatch(r"\d:\d\d", text) else text


TimeOfDay = Annotated[
    str,
    BeforeValidator(_two_digits),
    Field(pattern=_TIME),
    WithJsonSchema({"type": "string", "pattern": r"^([01]?\d|2[0-3]):[0-5]\d$"}),
]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
ClientText = Annotated[Text, placeholders("client", "status", "due_date", "manager")]


class Status(Strict):
    """One status; the order in the file is from best to worst."""

    code: Code = Field(description="Lasting name: renaming the label keeps cards where they are.")
    label: Annotated[str, Field(min_length=1, max_length=255)] = Field(description="What people see.")
    days: Days | None = Field(None, description="Days until the status drops; absent: it never drops by itself.")


class AfterDeal(Strict):
    """Status once the last open deal is closed."""

    won: Code = Field("hot", description="Code of the status after a won deal.")
    lost: Code = Field("hot", description="Code of the status after a lost deal.")


class Calls(Strict):
    """What a call does, and what it is needed for."""

    reset_timer: bool = Field(default=True, description="A completed call starts the days anew.")
    required_for_change: bool = Field(default=True, description="A person may change the status only after a call.")
    lookback_days: Annotated[int, Field(ge=1, le=365)] = Field(3, description="How many days back it may be.")
    min_seconds: Annotated[int, Field(ge=0, le=86400)] = Field(0, description="Shorter calls do not count.")
    proof: Literal["activity", "telephony"] = Field(
        "activity", description="telephony: only calls that the portal's telephony lists as answered count."
    )
    exempt: Annotated[list[Person], Field(max_length=500)] = Field(
        [], description="People whose changes need no call: e-mail, full name or id."
    )


class Warning(Strict):  # noqa: A001  the file's own word
    """The word in time."""

    ENGLISH: ClassVar[dict[str, str]] = {"text": "{client}: {status} until {due_date}."}
    days_before: Annotated[int, Field(ge=1, le=365)] | None = Field(
        3, description="How many days before the drop; null: no warnings."
    )
    text: ClientText = Field("{client} — {status} до {due_date}.", description="One line per client.")
    feed: bool = Field(default=True, description="Also a live-feed post to the responsible.")


class Lost(Strict):
    """What happens to a lost client."""

    ENGLISH: ClassVar[dict[str, str]] = {
        "text": "A client is lost: {client}.",
        "supervisor_text": "The client {client} is lost; the responsible is {manager}.",
    }
    open_to_everyone: bool = Field(default=False, description="true: the card is opened to everyone.")
    transfer: Transfer = Field(
        "none",
        description="Who gets the card: none, supervisor, {user: …} or {department: …, pick: round_robin}.",
    )
    text: ClientText = Field("Клиент потерян: {client}.", description="One line for the responsible.")
    supervisor_text: ClientText = Field(
        "Потерян клиент {client}, ответственный — {manager}.", description="One line for the supervisor."
    )


class Snooze(Strict):
    """A pause that a person gives a client, with a reason."""

    until_field: UserFieldCode = Field(description="Date field of the card: the client is left alone before that day.")
    reason_field: UserFieldCode = Field(description="Text field of the card: why.")
    most_days: Annotated[int, Field(ge=1, le=730)] = Field(
        90, description="How many days from the first pause of a term the date may be ahead."
    )


class Desk(Strict):
    """The head's weekly letter with the link to the page."""

    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = Field(
        "monday", description="Day of the week on which it is sent."
    )
    to: Literal["heads"] | Annotated[list[Person], Field(min_length=1, max_length=200)] = Field(
        "heads", description="heads: every head of a department; or a list of people."
    )
    days: Annotated[int, Field(ge=1, le=90)] = Field(7, description="How many days the link opens.")


class Notifications(Strict):
    """When people are told, and in how many messages."""

    at: TimeOfDay = Field("09:00", description="Once a day, not earlier than this, HH:MM in portal.timezone.")
    merge: bool = Field(
        default=True, description="true: one message per person and day; false: one per client and day."
    )


def _country(code: str) -> str:
    known = sorted(holidays.list_supported_countries(include_aliases=False))
    if code not in known:
        raise PydanticCustomError("country", "country with known holidays", {"known": known})
    return code


SYSTEM = {"new": 0, "in_work": 1, "lost": -1}
"""The statuses that the robot itself gives, and their places in the list."""


def _well_ordered(statuses: list[Status]) -> list[Status]:
    codes = each_once([status.code for status in statuses])
    each_once([status.label for status in statuses])
    if len(codes) < len(SYSTEM) or any(codes[place] != code for code, place in SYSTEM.items()):
        raise PydanticCustomError("system_statuses", "new, in_work … lost", {"found": ", ".join(codes)})
    if statuses[-1].days is not None:
        raise PydanticCustomError("days_of_lost", "no days for lost")
    return statuses


class ClientStatus(SectionModel):
    """The client-status robot and its day."""

    entities: Annotated[
        list[Literal["company", "contact"]], Field(min_length=1, max_length=2), AfterValidator(each_once)
    ] = Field(["company", "contact"], description="Which cards are tracked: company, contact or both.")
    status_field: UserFieldCode = Field(description="Dropdown on each tracked card; publishing makes it.")
    skip_when: Annotated[
        dict[FieldCode, Value | Annotated[list[Value], Field(min_length=1, max_length=50)]], Field(max_length=10)
    ] = Field(
        {}, description="The stop-list: field of the card -> value (or a list of them). Such clients are left alone."
    )
    due_field: UserFieldCode | None = Field(
        None, description="Date field of the card that shows when the status changes; publishing makes it."
    )
    snooze: Snooze | None = Field(None, description="How people pause a client; null: they cannot.")
    capacity: Annotated[int, Field(ge=1, le=100_000)] | None = Field(
        None, description="Clients that one manager can look after; null: no limit."
    )
    assign_new: bool = Field(default=True, description="A new card without a status starts as `new`; false: untracked.")
    statuses: Annotated[list[Status], Field(max_length=50), AfterValidator(_well_ordered)] = Field(
        description="Best first. new, in_work and lost may be renamed, but not removed or moved."
    )
    after_deal: AfterDeal = Field(AfterDeal(), description="Status once the last open deal is closed.")
    count_days: Literal["calendar", "working"] = Field("calendar", description="Which days are counted.")
    holidays_country: Annotated[str, AfterValidator(_country)] = Field(
        "RU", description="Two-letter code of the country whose holidays are not working days."
    )
    calls: Calls = Field(Calls(), description="What a call does, and what it is needed for.")
    warning: Warning = Field(Warning(), description="The word in time.")
    lost: Lost = Field(Lost(), description="What happens to a lost client.")
    notifications: Notifications = Field(Notifications(), description="When people are told.")
    desk: Desk | None = Field(None, description="The head's weekly letter with the link to the page; null: none.")
    timeline: bool = Field(default=True, description="Write raises, drops and losses into the card's timeline.")

    @model_validator(mode="after")
    def _after_deal_is_a_status(self) -> Self:
        codes = [status.code for status in self.statuses]
        for end, code in (("won", self.after_deal.won), ("lost", self.after_deal.lost)):
            if code not in codes:
                where = ("after_deal", end)
                raise PydanticCustomError("status_code", "a code", {"at": where, "found": code, "known": codes})
        return self

    def in_language(self, language: str) -> Self:
        """As in every section, with the texts of its parts."""
        if language != "en":
            return self
        return self.model_copy(
            update={
                "warning": with_english(self.warning, Warning.ENGLISH),
                "lost": with_english(self.lost, Lost.ENGLISH),
            }
        )
