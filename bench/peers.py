"""The same jobs with our client, with `fast-bitrix24` and with Bitrix24's own SDK, each as its documentation says."""

import logging
import warnings
from collections.abc import Collection
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx
import requests
from b24pysdk import Config
from b24pysdk.credentials import BitrixWebhook
from crm_robots.portal import bulk
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command
from crm_robots.portal.errors import Busy
from crm_robots.portal.limiter import LocalLimiter
from crm_robots.portal.lists import Guess
from fast_bitrix24 import Bitrix

from bench.stand_in import Clock

STATUS, NEW = "UF_CRM_STATUS", "7"
DUPLICATES = "crm.duplicate.findbycomm"
PHONES = [f"+7999000{number:04}" for number in range(500)]
LISTED = {"entityTypeId": 4, "select": ["id", "title", STATUS], "useOriginalUfNames": "Y"}


class Peer(Protocol):
    """A client that is measured."""

    name: str

    def list_cards(self) -> int:
        """Lists all companies, says how many came."""

    def update_cards(self, count: int) -> int:
        """Updates that many companies, says of how many the outcome is known."""

    def find_duplicates(self) -> int:
        """Looks up 500 phones, says how many answers came."""


class Ours:
    """crm_robots, on the portal's clock."""

    name = "crm_robots"

    def __init__(self, url: str, clock: Clock, *, guess: Guess | None = None) -> None:
        limiter = LocalLimiter(clock=clock.now, sleep=clock.sleep)
        self.portal = Bitrix24(url, httpx.Client(timeout=65), limiter, clock=clock.now, sleep=clock.sleep)
        self._clock = clock
        self._guess = guess
        self.known: set[int] = set()

    def list_cards(self) -> int:
        """See Peer."""
        return sum(1 for _ in self.portal.pages("crm.item.list", LISTED, guess=self._guess))

    def update_cards(self, count: int) -> int:
        """See Peer. After a Busy it continues where it stopped."""
        for _ in range(10):
            todo = [one for one in enumerate(updates(count), start=1) if one[0] not in self.known]
            try:
                for card, _ in bulk.write(self.portal, todo, look=self._applied, sleep=self._clock.sleep):
                    self.known.add(card)
            except Busy as busy:
                self._clock.sleep(busy.retry_after or 1)
            else:
                break
        return len(self.known)

    def find_duplicates(self) -> int:
        """See Peer."""
        return len(self.portal.read(dict(zip(PHONES, lookups(), strict=True))))

    def _applied(self, cards: Collection[int]) -> set[int]:
        found = self.portal.items(4, cards, [STATUS])
        return {card for card, fields in found.items() if str(fields[STATUS]) == NEW}


class FastBitrix24:
    """https://github.com/leshchenko1979/fast_bitrix24, told of the portal's faster clock."""

    name = "fast-bitrix24"

    def __init__(self, url: str, clock: Clock) -> None:
        warnings.simplefilter("ignore")
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # tasks that it leaves running when it gives up
        self._portal = Bitrix(url, verbose=False, requests_per_second=2.0 * clock.speedup)

    def list_cards(self) -> int:
        """See Peer."""
        return len(self._portal.get_all("crm.company.list", {"select": ["ID", "TITLE", STATUS]}))

    def update_cards(self, count: int) -> int:
        """See Peer."""
        return len(self._portal.call("crm.company.update", [_update(n, "ID") for n in _ids(count)]))

    def find_duplicates(self) -> int:
        """See Peer."""
        return len(self._portal.call(DUPLICATES, [_lookup(phone) for phone in PHONES]))


class Sdk:
    """https://github.com/bitrix24/b24pysdk, without the TLS that it opens for every request."""

    name = "b24pysdk"

    def __init__(self, url: str, clock: Clock) -> None:
        Config().default_initial_retry_delay = 1 / clock.speedup
        Config().default_retry_delay_increment = 1 / clock.speedup
        parts = urlsplit(url)
        self._portal = BitrixWebhook(domain=parts.netloc, webhook_token=parts.path.removeprefix("/rest/").strip("/"))
        post = requests.post
        requests.post = lambda url, **ask: post(url.replace("https://", "http://"), **ask)

    def list_cards(self) -> int:
        """See Peer."""
        reply = self._portal.call_list("crm.company.list", {"select": ["ID", "TITLE", STATUS]})
        return len(reply["result"])

    def update_cards(self, count: int) -> int:
        """See Peer."""
        reply = self._portal.call_batches([("crm.company.update", _update(n, "ID")) for n in _ids(count)])
        return len(reply["result"]["result"])

    def find_duplicates(self) -> int:
        """See Peer."""
        reply = self._portal.call_batches([(DUPLICATES, _lookup(phone)) for phone in PHONES])
        return len(reply["result"]["result"])


def updates(count: int) -> list[Command]:
    """Of the first cards."""
    return [Command("crm.item.update", _update(number, "id")) for number in _ids(count)]


def lookups() -> list[Command]:
    """Of all phones."""
    return [Command(DUPLICATES, _lookup(phone)) for phone in PHONES]


def _ids(count: int) -> range:
    return range(1, count + 1)


def _update(card: int, key: str) -> dict[str, Any]:
    universal = {"entityTypeId": 4, "useOriginalUfNames": "Y"} if key == "id" else {}
    return universal | {key: card, "fields": {STATUS: NEW}}


def _lookup(phone: str) -> dict[str, Any]:
    return {"type": "PHONE", "values": [phone], "entity_type": "CONTACT"}
