"""What one firing of the schedule does: a list of duties. A duty that fails does not stop the others."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from aws_lambda_powertools import Logger

from crm_robots.engine.patience import place_of
from crm_robots.engine.tools import Tools
from crm_robots.shared.events import CrmEvent
from crm_robots.shared.firing import Firing
from crm_robots.shared.row import Row

logger = Logger(child=True)


@dataclass(frozen=True, slots=True)
class Round:
    """One firing, and what its duties work with."""

    firing: Firing
    connect: Callable[[], Tools]
    """The day's tools: webhooks go before its requests. Made when a duty needs them: they may be what is broken."""
    put: Callable[[Sequence[str], CrmEvent], None]
    """Puts an event into the queues of these robots."""
    begins: Callable[[], str]
    """When the portal's days begin, `09:00`."""
    is_portals_time: Callable[[], bool]
    """Whether the firing's time is the portal's; else its days are run by its own clock."""
    alone: Callable[[], AbstractContextManager[None]]
    """Keeps a second run of the day out; `Taken` while there is one."""
    enough: Callable[[], bool]
    """Whether it is time to leave the rest to the next firing."""
    go_on: Callable[[], None]
    """Fires once more, at once."""
    on_trouble: Callable[[Exception], None]
    """Tells the admins of a lost right."""

    @property
    def tools(self) -> Tools:
        """What a duty works with."""
        return self.connect()


type Duty = Callable[[Round], Any]


def duties_of(rows: Sequence[Row]) -> Iterator[tuple[str, Duty]]:
    """The duties of all rows. They are loaded when they are done, so that a robot that cannot be loaded stops none."""
    for row in rows:
        for name, place in row.duties:
            yield name, partial(_at, place)


def _at(place: str, round_: Round) -> Any:
    return load(place)(round_)


def load(place: str) -> Any:
    """What a row names: `module:name`."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def done(duties: Sequence[tuple[str, Duty]], round_: Round) -> tuple[dict[str, Any], dict[str, str]]:
    """What each came to, and the class of error of those that failed."""
    answers: dict[str, Any] = {}
    failures: dict[str, str] = {}
    for name, duty in duties:
        try:
            answers[name] = duty(round_)
        except Exception as error:
            # The class and the place, never the text: it may hold what people typed.
            logger.error("a duty failed", duty=name, error=type(error).__name__, place=place_of(error))
            failures[name] = type(error).__name__
    return answers, failures
