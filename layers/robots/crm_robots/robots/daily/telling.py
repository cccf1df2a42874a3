"""D5 to D7: everybody's letters, in bags that are plans: nobody is told twice, nobody is forgotten."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import batched

import msgspec

from crm_robots.engine.executor import Failures
from crm_robots.engine.tools import Tools
from crm_robots.robots.daily.addressees import addressees
from crm_robots.robots.daily.digest import Writer
from crm_robots.robots.daily.letters import BagMemory, Letter, Told, letters, mail_bags, post_bags, posts, told_by
from crm_robots.robots.daily.news import News
from crm_robots.robots.daily.schedule import Run
from crm_robots.shared.decision import Decision
from crm_robots.shared.people import Directory
from crm_robots.shared.plan import Cause, Record

ROBOT = "daily-run"
_BAGS_AT_ONCE = 8


class Telling:
    """Tells people what a run did.

    `begun`: how many bags there are already. `note`: keeps that number before a bag is packed. `listens`: whether
    somebody can be written to.
    """

    def __init__(
        self,
        tools: Tools,
        writer: Writer,
        run: Run,
        listens: Callable[[int], bool],
        begun: int,
        note: Callable[[int], None],
    ) -> None:
        self._tools = tools
        self._writer = writer
        self._run = run
        self._listens = listens
        self._begun = begun
        self._note = note

    def tell(self, news: Iterable[News], enough: Callable[[], bool]) -> tuple[bool, Failures]:
        """Whether everybody was got to, and what went wrong."""
        told, failures = self._earlier()
        by_person: dict[int, list[News]] = defaultdict(list)
        for one in news:
            people = addressees(one, self._writer.directory, self._writer.portal.admins)
            # The comment goes with a message that is sent, whoever was to get it when the client's step was taken.
            kept = one.witness in people or not one.witness or not people
            told_of = one if kept else msgspec.structs.replace(one, witness=next(iter(people)))
            for person in people or one.listeners:
                by_person[person].append(told_of)
        bags = mail_bags(self._letters(by_person, told), self._run.day)
        bags += post_bags(self._posts(by_person, told), self._run.day)
        for some in batched(bags, _BAGS_AT_ONCE, strict=False):
            if enough():
                return False, failures
            failures |= self._send(some)
        return True, failures

    def _letters(self, by_person: dict[int, list[News]], told: Told) -> list[Letter]:
        return [
            letter
            for person, news in sorted(by_person.items())
            for letter in letters(person, news, self._writer, told, listens=self._listens(person))
        ]

    def _posts(self, by_person: dict[int, list[News]], told: Told) -> list[Letter]:
        return [
            letter
            for person, news in sorted(by_person.items())
            if self._listens(person)
            for letter in posts(person, news, self._writer, told)
        ]

    def _earlier(self) -> tuple[Told, Failures]:
        """What earlier invocations have told; what a crash left of it is told first."""
        names = [_bag(number) for number in range(self._begun)]
        records = self._tools.memory.load(ROBOT, names)
        failures = self._tools.executor.resume(records.values())
        return told_by(_memory(record) for record in records.values()), failures

    def _send(self, bags: Sequence[Decision]) -> Failures:
        names = [_bag(self._begun + number) for number in range(len(bags))]
        self._begun += len(bags)
        self._note(self._begun)
        records = self._tools.memory.load(ROBOT, names)
        cause = Cause("schedule", "", self._run.ts, self._run.id)
        decided = [(_emptied(records[name]), bag, cause) for name, bag in zip(names, bags, strict=True)]
        return self._tools.executor.perform(decided)


def people_of(news: Sequence[News], directory: Directory, admins: Sequence[int]) -> int:
    """How many people hear something."""
    return len({person for one in news for person in addressees(one, directory, admins)})


def _bag(number: int) -> str:
    return f"daily:bag:{number}"


def _memory(record: Record) -> BagMemory:
    """What the bag brought, or will have brought once its plan is done."""
    if record.plan is None:
        return record.remembered(BagMemory)
    return msgspec.convert(record.plan.decision.memory, BagMemory)


def _emptied(record: Record) -> Record:
    """Ids of comments of another run say nothing any more."""
    record.last_ids = {}
    return record
