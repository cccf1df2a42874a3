"""Any number of commands at the pace of the portal's limit; each is applied exactly once or not at all.

One thread waits for the limiter and hands full batches to others. So as many requests are in flight as the limit and
their length allow (2 a second × 20 s = 40), and bulk work is at most one turn ahead of a webhook.
"""

import time
from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor
from concurrent.futures import wait as first_of
from itertools import islice
from typing import Protocol

from crm_robots.portal.commands import MOST_COMMANDS, Command, Reply
from crm_robots.portal.errors import AccessLost, Busy, PortalError

IN_FLIGHT = 40
_LONGEST_REQUEST = 25.0  # seconds aimed at; Bitrix24's cloud cuts a request at 60
_WORTH_A_PROBE = 10 * MOST_COMMANDS
_MOST_ROUNDS = 5
_LONGEST_TROUBLE = 30.0  # seconds lost in a row; the function has other work, and the queue can wait


class Portal(Protocol):
    """What bulk work needs of the client."""

    def wait(self, commands: Mapping[str, Command]) -> None:
        """Returns when a batch of these commands may leave."""

    def batch_at_once(self, commands: Mapping[str, Command]) -> dict[str, Reply]:
        """One request, no repetition."""


class Pace:
    """Commands per request: as many as fit well under the cut at 60 s, by what the last ones took."""

    def __init__(self) -> None:
        self.seconds: float | None = None

    @property
    def size(self) -> int:
        """Commands for the next request."""
        if not self.seconds:
            return MOST_COMMANDS
        return max(1, min(MOST_COMMANDS, int(_LONGEST_REQUEST / self.seconds)))

    def learn(self, replies: Collection[Reply], elapsed: float) -> None:
        """Takes the portal's own measure where it gives one, else ours."""
        told = [reply.seconds for reply in replies if reply.seconds is not None]
        self._take(sum(told) / len(told) if told else elapsed / max(1, len(replies)))

    def learn_told(self, replies: Collection[Reply]) -> None:
        """Takes the portal's own measure, if it gives one."""
        told = [reply.seconds for reply in replies if reply.seconds is not None]
        if told:
            self._take(sum(told) / len(told))

    def _take(self, each: float) -> None:
        self.seconds = each if self.seconds is None else (self.seconds + each) / 2

    def cut_off(self, size: int, elapsed: float) -> None:
        """A request got no answer; if it took long, it was too large."""
        if elapsed > _LONGEST_REQUEST:
            self.shrink(size)

    def shrink(self, size: int) -> None:
        """A request of this size was cut off."""
        self.seconds = max(self.seconds or 0.0, 2 * _LONGEST_REQUEST / size)


class Patience:
    """How long trouble is borne, and how many commands a request may hold after it."""

    def __init__(self, sleep: Callable[[float], None]) -> None:
        self._pace = Pace()
        self._sleep = sleep
        self._round = 0
        self._lost = 0.0

    @property
    def size(self) -> int:
        """Commands for the next request."""
        return self._pace.size

    def answered(self, replies: Iterable[Reply]) -> None:
        """All is well again."""
        self._round, self._lost = 0, 0.0
        self._pace.learn_told(list(replies))

    def bear(self, error: Busy, size: int, elapsed: float) -> None:
        """Waits before the next attempt; raises the error when it was borne for long enough."""
        if error.applied is not False:
            self._pace.cut_off(size, elapsed)
        self._round += 1
        pause = 0.5 * 2**self._round
        self._lost += elapsed + pause
        if self._round >= _MOST_ROUNDS or self._lost > _LONGEST_TROUBLE:
            raise error
        self._sleep(pause)


class Batches(Protocol):
    """Requests whose commands may refer to each other."""

    def batch(self, commands: Mapping[str, Command]) -> dict[str, Reply]:
        """Up to 50 commands in one request, by their names."""


def side_by_side(
    portal: Batches, packs: Sequence[Mapping[str, Command]]
) -> list[tuple[dict[str, Reply] | PortalError, float]]:
    """The answer to each request, or why there is none, and the seconds that it took."""

    def ask(pack: Mapping[str, Command]) -> tuple[dict[str, Reply] | PortalError, float]:
        began = time.monotonic()
        try:
            return portal.batch(pack), time.monotonic() - began
        except PortalError as error:
            return error, time.monotonic() - began

    if len(packs) == 1:
        return [ask(packs[0])]
    with ThreadPoolExecutor(min(len(packs), IN_FLIGHT), thread_name_prefix="bitrix24") as pool:
        return list(pool.map(ask, packs))


def write[K: Hashable](
    portal: Portal,
    writes: Iterable[tuple[K, Command]],
    *,
    look: Callable[[Collection[K]], Collection[K]],
    enough: Callable[[], bool] = lambda: False,
    in_flight: int = IN_FLIGHT,
    settle: float = 3.0,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[tuple[K, Reply]]:
    """Yields every key that is settled: applied or refused for good. One that is not yielded is not applied.

    `look` is asked which of some keys were applied where a request's outcome is unknown; the others are
    repeated. `enough`: True ends it early; what is in flight (up to a minute) is still waited for and
    yielded. Raises Busy or AccessLost once all that is known has been yielded; go on later with the
    remaining keys.
    """
    run = _Run(portal, iter(writes), look, enough, settle, sleep)
    with ThreadPoolExecutor(in_flight, thread_name_prefix="bitrix24") as pool:
        while run.goes_on():
            run.submit(pool, in_flight)
            yield from run.landed()
            if not run.flying and run.doubtful:
                yield from run.look_again()
    if run.ended_by:
        raise run.ended_by


def read(
    portal: Portal, commands: Mapping[str, Command], *, sleep: Callable[[float], None] = time.sleep
) -> dict[str, Reply]:
    """The replies to commands that may be repeated at will, and that do not refer to each other's results."""
    replies = dict(write(portal, commands.items(), look=lambda _: (), settle=0, sleep=sleep))
    return {name: replies[name] for name in commands}


type _Sent[K] = tuple[int, list[tuple[K, Command]]]
"""The round in which a batch was sent, and what was in it."""


class _Run[K: Hashable]:
    """The state of one bulk: what waits, what is in flight, and whose outcome is unknown."""

    def __init__(
        self,
        portal: Portal,
        source: Iterator[tuple[K, Command]],
        look: Callable[[Collection[K]], Collection[K]],
        enough: Callable[[], bool],
        settle: float,
        sleep: Callable[[float], None],
    ) -> None:
        self._portal, self._source, self._look = portal, source, look
        self._enough, self._settle, self._sleep = enough, settle, sleep
        self._waiting: deque[tuple[K, Command]] = deque()
        self._pace = Pace()
        self._round = 0  # failures in a row; parallel requests that fail count once
        self._lost = 0.0
        self.flying: dict[Future[tuple[list[Reply] | PortalError, float]], _Sent[K]] = {}
        self.doubtful: list[tuple[K, Command]] = []
        self.ended_by: PortalError | None = None
        self._refill()

    def goes_on(self) -> bool:
        """False if nothing is in flight or in doubt, and nothing waits or may be sent."""
        return bool(self.flying or self.doubtful or (self._waiting and self._may_send()))

    def submit(self, pool: ThreadPoolExecutor, in_flight: int) -> None:
        """Sends what waits, one batch per turn, until enough are in flight or one has landed."""
        while self._waiting and len(self.flying) < self._most(in_flight) and self._may_send():
            pack = self._take()
            try:
                self._portal.wait({str(i): command for i, (_, command) in enumerate(pack)})
            except (Busy, AccessLost) as refusal:
                self._waiting.extendleft(reversed(pack))
                self.ended_by = refusal
                return
            self.flying[pool.submit(self._send, pack)] = (self._round, pack)
            if any(future.done() for future in self.flying):
                return

    def landed(self) -> Iterator[tuple[K, Reply]]:
        """What is settled by the requests that have come back; waits for one of them."""
        done, _ = first_of(self.flying, return_when=FIRST_COMPLETED) if self.flying else (set(), set())
        for future in done:
            sent_in, pack = self.flying.pop(future)
            answer, elapsed = future.result()
            if isinstance(answer, PortalError):
                self._failed(answer, pack, sent_in, elapsed)
            else:
                self._pace.learn(answer, elapsed)
                yield from self._settled(pack, answer, sent_in)

    def look_again(self) -> Iterator[tuple[K, Reply]]:
        """Asks which commands of cut-off requests were applied; a portal may go on a while after the cut."""
        self._sleep(self._settle)
        doubtful = self.doubtful
        applied = set(self._look([key for key, _ in doubtful]))
        self.doubtful = []
        self._waiting.extendleft(reversed([(key, command) for key, command in doubtful if key not in applied]))
        yield from ((key, Reply()) for key, _ in doubtful if key in applied)

    def _may_send(self) -> bool:
        return self.ended_by is None and not self._enough()

    def _most(self, in_flight: int) -> int:
        """One while it is unknown how long a command takes, and a wrong guess would cost many requests."""
        probing = self._pace.seconds is None and len(self._waiting) + len(self.flying) > _WORTH_A_PROBE
        return 1 if probing else in_flight

    def _take(self) -> list[tuple[K, Command]]:
        probing = self._pace.seconds is None and len(self._waiting) > _WORTH_A_PROBE
        size = 1 if probing else self._pace.size
        pack = [self._waiting.popleft() for _ in range(min(size, len(self._waiting)))]
        self._refill()
        return pack

    def _refill(self) -> None:
        self._waiting.extend(islice(self._source, max(0, _WORTH_A_PROBE + 1 - len(self._waiting))))

    def _send(self, pack: list[tuple[K, Command]]) -> tuple[list[Reply] | PortalError, float]:
        names = {f"c{i}": command for i, (_, command) in enumerate(pack)}
        began = time.monotonic()
        try:
            replies = self._portal.batch_at_once(names)
        except PortalError as error:
            return error, time.monotonic() - began
        return [replies[name] for name in names], time.monotonic() - began

    def _settled(self, pack: list[tuple[K, Command]], replies: list[Reply], sent_in: int) -> Iterator[tuple[K, Reply]]:
        busy = [reply.error for reply in replies if isinstance(reply.error, Busy)]
        for (key, command), reply in zip(pack, replies, strict=True):
            if isinstance(reply.error, Busy) and reply.error.applied is False:
                self._waiting.append((key, command))
            elif isinstance(reply.error, Busy) or not reply.executed:
                self.doubtful.append((key, command))
            else:
                yield key, reply
        lost = [reply.error for reply in replies if isinstance(reply.error, AccessLost)]
        if len(lost) == len(pack):
            self.ended_by = lost[0]
        elif busy:
            self._backed_off(busy[0], sent_in)
        elif all(reply.executed for reply in replies):
            self._round, self._lost = 0, 0.0

    def _failed(self, error: PortalError, pack: list[tuple[K, Command]], sent_in: int, elapsed: float) -> None:
        if not isinstance(error, Busy):
            self._waiting.extendleft(reversed(pack))
            self.ended_by = error
        elif error.applied is False:
            self._waiting.extendleft(reversed(pack))
            self._backed_off(error, sent_in, elapsed)
        else:
            self.doubtful.extend(pack)
            self._pace.cut_off(len(pack), elapsed)
            self._backed_off(error, sent_in, elapsed)

    def _backed_off(self, error: Busy, sent_in: int, elapsed: float = 0.0) -> None:
        if sent_in < self._round:
            return
        self._round += 1
        pause = 0.5 * 2**self._round
        self._lost += elapsed + pause
        if self._round >= _MOST_ROUNDS or self._lost > _LONGEST_TROUBLE:
            self.ended_by = error
        else:
            self._sleep(pause)
