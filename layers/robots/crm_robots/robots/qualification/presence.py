"""S11: who of the people that may get a lead is away today."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from crm_robots.portal.absence import absence_questions, absences
from crm_robots.portal.commands import Command, Reply


class Presence:
    """The people of one window of events; each is asked about once."""

    def __init__(self, moment: datetime, *, skips_absent: bool) -> None:
        self._moment = moment
        self._skips_absent = skips_absent
        self._asked: set[int] = set()
        self.away: frozenset[int] = frozenset()

    def questions(self, users: Iterable[int]) -> dict[str, Command]:
        """About those who were not asked about yet; about nobody where absent people take part like all others."""
        new = sorted(set(users) - self._asked) if self._skips_absent else []
        self._asked |= set(new)
        return absence_questions(new, self._moment)

    def take(self, answers: Mapping[str, Reply]) -> None:
        """Notes who is away, as far as the portal tells."""
        self.away |= absences(answers, self._moment).away
