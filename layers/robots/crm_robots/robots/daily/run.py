"""D1, D7, D8: one run of the day, however often it is begun, cut off and gone on with."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from itertools import batched, chain
from typing import Literal

import msgspec
from aws_lambda_powertools import Logger

from crm_robots.engine.executor import Failures
from crm_robots.engine.patience import Trouble, trouble
from crm_robots.engine.tools import Tools
from crm_robots.portal.errors import Denied, PortalError
from crm_robots.records.lease import Taken
from crm_robots.records.memory import Contended
from crm_robots.records.settings_reader import InForce
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.daily.case import Case
from crm_robots.robots.daily.clients import Clients, Effects, listens, slices
from crm_robots.robots.daily.digest import Writer
from crm_robots.robots.daily.hand_over import BESIDE, HandOvers, absent_ones
from crm_robots.robots.daily.handed import HandedOver
from crm_robots.robots.daily.news import News
from crm_robots.robots.daily.people import People
from crm_robots.robots.daily.rebalancing import came_true
from crm_robots.robots.daily.schedule import Run, RunLog, due_run, may_tell
from crm_robots.robots.daily.telling import ROBOT, Telling, people_of
from crm_robots.robots.daily.timers import DayWindow
from crm_robots.robots.routing.turn_table import TurnTable
from crm_robots.shared.firing import Firing, has_time_come
from crm_robots.shared.items import ItemRef
from crm_robots.shared.plan import Record, to_json

logger = Logger()

_CHUNK = 2500
"""Cards that one request reads."""
_PASSES = 4
_PAUSE = 2.0
"""Seconds until another try: somebody else was working on a client, or the portal has hiccups."""
_WAITS_FOR_RIGHTS = 3600
"""Seconds for which a run waits for rights on single cards. After that people are told of the other clients."""
_PASSING = (Trouble.CONTENDED, Trouble.BUSY)
_LOG = "daily"

Status = Literal["off", "not_due", "done", "running", "unfinished", "failed", "untold", "finished"]


class Report(msgspec.Struct):
    """What one firing came to. `done`: the day had been run before; `unfinished`: there was no time for all of it.

    `untold`: a day was made up before the time at which people are told; they hear of it then.
    """

    status: Status
    day: date | None = None
    dropped: int = 0
    lost: int = 0
    handed_over: int = 0
    warned: int = 0
    people: int = 0
    waiting: int = 0
    """Clients and letters that could not be finished; they are tried again."""
    error: str = ""
    cause: Exception | None = None
    """What kept the run from finishing."""


class DailyRun:
    """The day. `feed`: hands a card's change to the client-status robot; `alone`: `Taken` while another run works."""

    def __init__(
        self,
        tools: Tools,
        feed: Callable[[ItemRef, int], None],
        alone: Callable[[], AbstractContextManager[None]],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._tools = tools
        self._feed = feed
        self._alone = alone
        self._sleep = sleep

    def fire(self, firing: Firing, enough: Callable[[], bool] = lambda: False) -> Report:
        """Does what this firing is due to do. `enough`: True when it is time to leave the rest to the next one."""
        settings = self._tools.settings.load("client_status", ClientStatusRules, BESIDE)
        if settings is None:
            return Report("off")
        _, log = self._log()
        run = self._due(log, firing, settings)
        if run is None:
            at, zone = settings.rules.notifications.at, settings.portal.timezone
            has_come, today = has_time_come(firing, at, zone)
            return Report("done" if has_come else "not_due", today)
        try:
            with self._alone():
                return self._run(firing, settings, enough)
        except (Taken, Contended):
            return Report("running", run.day)
        except PortalError as error:
            return Report("failed", run.day, error=str(error), cause=error)

    def _run(self, firing: Firing, settings: InForce[ClientStatusRules], enough: Callable[[], bool]) -> Report:
        record, log = self._log()
        run = self._due(log, firing, settings)
        if run is None:
            return Report("done", max(log.done, default=None))
        begun = log.begun(run)
        if begun != log:
            self._keep(record, begun)
        tells = may_tell(firing, settings.rules.notifications.at, settings.portal.timezone)
        day = _Day(self._tools, settings, run, record, begun, self._feed, self._sleep, tells=tells)
        day.has_waited = firing.ts - run.ts >= _WAITS_FOR_RIGHTS
        return day.work(enough)

    def _due(self, log: RunLog, firing: Firing, settings: InForce[ClientStatusRules]) -> Run | None:
        return due_run(log, firing, settings.rules.notifications.at, settings.portal.timezone)

    def _log(self) -> tuple[Record, RunLog]:
        record = self._tools.memory.load(ROBOT, [_LOG])[_LOG]
        return record, record.remembered(RunLog)

    def _keep(self, record: Record, log: RunLog) -> None:
        record.memory = to_json(log)
        self._tools.memory.save(record)


class _Day:
    """One invocation's share of a run."""

    def __init__(
        self,
        tools: Tools,
        settings: InForce[ClientStatusRules],
        run: Run,
        record: Record,
        log: RunLog,
        feed: Callable[[ItemRef, int], None],
        sleep: Callable[[float], None],
        *,
        tells: bool,
    ) -> None:
        self._tools = tools
        self._settings = settings
        self._run = run
        self._record = record
        self._log = log
        self._earlier = log.slices
        self._sleep = sleep
        self._tells = tells
        self.has_waited = False
        """Whether it has waited for rights on single cards; the others are told without them."""
        self._handed = HandedOver(tools.memory)
        self._people = People(tools.portal, tools.directory, tools.directory_now)
        self._window = DayWindow(tools, settings.rules, settings.portal)
        hand_overs = HandOvers(tools.portal, TurnTable(tools.memory, ROBOT).take, skips_absent=absent_ones(settings))
        effects = Effects(self._window, lambda ref: feed(ref, run.ts))
        untold = log.news_since if not log.bags else None
        self._clients = Clients(self._window, run, self._people, hand_overs, effects, untold_since=untold, tells=tells)

    def work(self, enough: Callable[[], bool]) -> Report:
        """First every client's step, then the messages about all of them."""
        complete, failures = self._work_off(enough)
        if not complete or self._waits_for(failures):
            return self._report(failures)
        if not self._tells and self._log.slices:
            return self._report(failures, status="untold")
        news = self._news()
        if _blocking(failures) and not news:
            return self._report(failures)
        handed = self._handed.take(self._run.day) if self._tells else []
        news += came_true(self._window, handed)
        everybody, untold = self._tell(news, enough)
        for _ in range(_PASSES - 1):
            if not any(trouble(error) in _PASSING for error in untold.values()):
                break
            self._sleep(_PAUSE)
            everybody, untold = self._tell(news, enough)
        if not everybody or self._waits_for(untold):
            return self._report(untold)
        self._handed.told()
        self._keep(self._log.finished(late=failures))
        return self._report(failures | untold, status="finished", news=news)

    def _waits_for(self, failures: Failures) -> list[Exception]:
        """What another try may mend; rights on single cards for a while only."""
        return [one for one in _blocking(failures) if not (self.has_waited and isinstance(one, Denied) and one.ref)]

    def _work_off(self, enough: Callable[[], bool]) -> tuple[bool, Failures]:
        complete, failures = self._steps(self._due(), enough)
        for _ in range(_PASSES - 1):
            again = [item for item, error in failures.items() if trouble(error) in _PASSING]
            if not again or not complete:
                break
            self._sleep(_PAUSE)
            others = {item: error for item, error in failures.items() if item not in again}
            complete, failed = self._steps(batched(again, _CHUNK, strict=False), enough)
            failures = others | failed
        _log_bugs(failures)
        return complete, failures

    def _due(self) -> Iterator[tuple[str, ...]]:
        """Of all shards together, so that requests are full."""
        return batched(chain.from_iterable(self._tools.timers.due(self._run.day)), _CHUNK, strict=False)

    def _steps(self, chunks: Iterable[tuple[str, ...]], enough: Callable[[], bool]) -> tuple[bool, Failures]:
        failures: Failures = {}
        for chunk in chunks:
            if enough():
                return False, failures
            decided, failed = self._clients.due(chunk)
            failures |= failed
            for some in slices(decided):
                if enough():
                    return False, failures
                self._note([record.item for record, _, _ in some])
                failures |= self._clients.perform(some)
        return True, failures

    def _note(self, items: list[str]) -> None:
        """Who is about to have news, for an invocation that comes after a crash."""
        name = _slice(self._log.slices)
        slice_ = self._tools.memory.load(ROBOT, [name])[name]
        slice_.memory = to_json(items)
        self._tools.memory.save(slice_)
        self._keep(msgspec.structs.replace(self._log, slices=self._log.slices + 1))

    def _news(self) -> list[News]:
        """What this invocation did, and what earlier ones left to be told."""
        news = self._clients.news
        first = self._log.news_since or self._run.day
        for number in range(self._earlier):
            name = _slice(number)
            items = msgspec.json.decode(self._tools.memory.load(ROBOT, [name])[name].memory, type=list[str])
            told = self._window.timers.told(item for item in items if item not in news)
            news |= {one.item: one for one in told if one.run >= first}
        late = self._window.timers.told(item for item in self._log.late if item not in news)
        return [*news.values(), *late]

    def _tell(self, news: list[News], enough: Callable[[], bool]) -> tuple[bool, Failures]:
        rules, portal = self._settings.rules, self._settings.portal
        directory = self._people.now if news else self._people.lately
        case = Case(self._run.day, self._window.calendar, portal, directory)
        writer = Writer(self._run.day, rules, portal, directory)
        telling = Telling(
            self._tools, writer, self._run, lambda person: listens(person, case), self._log.bags, self._note_bags
        )
        return telling.tell(news, enough)

    def _note_bags(self, begun: int) -> None:
        self._keep(msgspec.structs.replace(self._log, bags=begun))

    def _keep(self, log: RunLog) -> None:
        self._log = log
        self._record.memory = to_json(log)
        self._tools.memory.save(self._record)

    def _report(
        self, failures: Mapping[str, Exception], *, status: Status | None = None, news: Iterable[News] = ()
    ) -> Report:
        news = list(news) or list(self._clients.news.values())
        blocking = _blocking(failures)
        return Report(
            status=status or _cut_off(blocking),
            day=self._run.day,
            dropped=sum(one.kind == "dropped" for one in news),
            lost=sum(one.kind == "lost" for one in news),
            handed_over=sum(one.heir is not None for one in news if one.kind == "lost"),
            warned=sum(one.kind == "warned" for one in news),
            people=people_of(news, self._people.lately, self._settings.portal.admins) if news else 0,
            waiting=len(blocking),
            error=str(blocking[0]) if blocking else "",
            cause=blocking[0] if blocking else None,
        )


def _cut_off(blocking: Sequence[Exception]) -> Status:
    """Waiting for somebody else's plan on a card is no failure."""
    stuck = any(trouble(error) is not Trouble.CONTENDED for error in blocking)
    return "failed" if stuck else "unfinished"


def _slice(number: int) -> str:
    return f"daily:slice:{number}"


def _blocking(failures: Mapping[str, Exception]) -> list[Exception]:
    """What another try may mend. A fault of ours in one client does not keep the others' people in the dark."""
    return [error for error in failures.values() if trouble(error) is not Trouble.BUG]


def _log_bugs(failures: Mapping[str, Exception]) -> None:
    for item, error in failures.items():
        if trouble(error) is Trouble.BUG:
            logger.error("a client was left out of the day's run", item=item, error=type(error).__name__)
