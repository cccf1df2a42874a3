"""What stands in for threads, stop-watches and chance inside the robots' modules, so that a life can be repeated."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from random import Random
from typing import Any
from unittest.mock import patch


class AtOnce:
    """Does what it is given before it returns. A thread would be free to run at any moment; a greenlet is not."""

    def __init__(self, *_: Any, **__: Any) -> None: ...

    def __enter__(self) -> "AtOnce":
        return self

    def __exit__(self, *_: object) -> None: ...

    def submit[T](self, work: Callable[..., T], *args: Any) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(work(*args))
        except Exception as error:
            done.set_exception(error)
        return done

    def map[A, T](self, work: Callable[[A], T], items: Any) -> list[T]:
        return [work(item) for item in items]


class Watch:
    """What `time.monotonic` is in simulated time."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.monotonic = now


class _NoThread:
    def __init__(self, **_: Any) -> None: ...

    def start(self) -> None: ...

    def join(self) -> None: ...


class _Secrets:
    def __init__(self, random: Random) -> None:
        self._random = random

    def token_urlsafe(self, length: int) -> str:
        return "".join(self._random.choices("abcdefghijkmnpqrstuvwxyz23456789", k=length * 4 // 3))


@contextmanager
def repeatable(random: Random, now: Callable[[], float]) -> Iterator[None]:
    """While the block runs, nothing depends on threads or on real time."""
    replaced = {
        "portal.bulk.ThreadPoolExecutor": AtOnce,
        "records.queue.ThreadPoolExecutor": AtOnce,
        "records.inbox.ThreadPoolExecutor": AtOnce,
        "engine.executor.ThreadPoolExecutor": AtOnce,
        "records.lease.Thread": _NoThread,
        "portal.bulk.time": Watch(now),
        "robots.qualification.robot.secrets": _Secrets(random),
        "robots.conversion.robot.secrets": _Secrets(random),
        "robots.desk.links.secrets": _Secrets(random),
    }
    with ExitStack() as stack:
        for name, stand_in in replaced.items():
            stack.enter_context(patch(f"crm_robots.{name}", stand_in))
        # tenacity's spread is the only other chance.
        stack.enter_context(patch("tenacity.wait.random", random))
        yield
