"""The portal's two limits: requests (a leaky bucket) and run time of a method (`operating`).

https://apidocs.bitrix24.com/limits.html
"""

from collections import deque
from collections.abc import Callable
from fnmatch import fnmatch

from sandbox.portal.errors import Refusal

WINDOW = 600  # seconds over which run time is added up
BASKET = 60


class Limits:
    """Switchable. `cost` maps patterns of method names to seconds that a command is said to take.

    With `takes_time` the answer is held back for as long as its commands are said to take.
    """

    def __init__(self, wall: Callable[[], float]) -> None:
        self.requests = False
        self.capacity = 50.0
        self.leak = 2.0
        self.operating = False
        self.operating_limit = 480.0
        self.cost: dict[str, float] = {}
        self.takes_time = False
        self._wall = wall
        self._level = 0.0
        self._at = wall()
        self._spent: dict[tuple[int, str], deque[list[float]]] = {}

    def admit(self) -> None:
        """Counts one request; refuses it when the bucket is full."""
        if not self.requests:
            return
        now = self._wall()
        self._level = max(0.0, self._level - (now - self._at) * self.leak)
        self._at = now
        if self._level + 1 > self.capacity:
            raise Refusal("QUERY_LIMIT_EXCEEDED", "Too many requests", 503)
        self._level += 1

    def price(self, method: str) -> float:
        """Seconds that a command of this method is said to take."""
        return next((cost for pattern, cost in self.cost.items() if fnmatch(method, pattern)), 0.0)

    def check_operating(self, webhook: int, method: str) -> None:
        """Refuses a method that this webhook has run for too long."""
        if self.operating and self.spent(webhook, method) > self.operating_limit:
            raise Refusal("OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.", 429)

    def spend(self, webhook: int, method: str, seconds: float) -> None:
        """Adds a command's run time to its basket."""
        if not seconds:
            return
        basket = self._wall() // BASKET * BASKET
        baskets = self._spent.setdefault((webhook, method), deque())
        if baskets and baskets[-1][0] == basket:
            baskets[-1][1] += seconds
        else:
            baskets.append([basket, seconds])

    def spent(self, webhook: int, method: str) -> float:
        """Run time within the window, seconds."""
        baskets = self._spent.get((webhook, method))
        if not baskets:
            return 0.0
        while baskets and baskets[0][0] + WINDOW <= self._wall():
            baskets.popleft()
        return sum(seconds for _, seconds in baskets)

    def reset_at(self, webhook: int, method: str) -> int:
        """Unix seconds at which the oldest run time falls out of the window."""
        baskets = self._spent.get((webhook, method))
        oldest = baskets[0][0] if baskets else self._wall() // BASKET * BASKET
        return int(oldest + WINDOW)
