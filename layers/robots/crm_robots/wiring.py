"""Builds the real objects, once per warm container. Alone reads the environment."""

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx
from aws_lambda_powertools import Logger

from crm_robots.engine.access_notice import AccessNotice
from crm_robots.engine.address_book import AddressBook
from crm_robots.engine.clocks import clock_ahead, hosts_named
from crm_robots.engine.directory import DirectoryCache
from crm_robots.engine.executor import Executor
from crm_robots.engine.hands_off import HandsOffRule
from crm_robots.engine.pipeline import Robot, work_off
from crm_robots.engine.rounds import Round
from crm_robots.engine.shared_limiter import SharedLimiter
from crm_robots.engine.stand_ins import StandIns
from crm_robots.engine.tools import Tools
from crm_robots.portal.client import Bitrix24
from crm_robots.records.clients import client
from crm_robots.records.heartbeat import Heartbeat
from crm_robots.records.inbox import Inbox
from crm_robots.records.journal import Journal
from crm_robots.records.lease import lease, renewed_lease
from crm_robots.records.memory import MemoryTable
from crm_robots.records.parameters import (
    ANY_HOST,
    PORTAL_HOSTS,
    PORTAL_WEBHOOK,
    SCAN_WEBHOOK,
    Parameters,
    is_same_portal,
)
from crm_robots.records.queue import LATE_SECONDS, Queue, delivered, oldest
from crm_robots.records.settings_reader import SettingsReader
from crm_robots.records.settings_store import SettingsTable
from crm_robots.records.time_left import TimeLeft
from crm_robots.records.timer_count import count_timers
from crm_robots.records.timers import TimersTable
from crm_robots.records.vocabulary import Vocabulary
from crm_robots.robots.client_status.own_address import OwnAddress
from crm_robots.robots.registry import ROWS

if TYPE_CHECKING:
    from crm_robots.settings.desk import Desk

ANSWERED_WITHIN = 65.0
"""Bitrix24 ends a request after 60 s; a client that gives up earlier does not know what was done."""
_TIMEOUT = httpx.Timeout(ANSWERED_WITHIN, connect=5)
_AT_ONCE = 8
_has_time = TimeLeft()  # of a queue's function; the day's run never starts it, and looks at a clock of its own


def queue_function(make: Callable[[Tools], Robot]) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """The handler of a robot that reads a queue."""
    logger = Logger()

    @logger.inject_lambda_context
    def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
        _has_time.start()
        queue = Queue(client("sqs"), os.environ["QUEUE_URL"], os.environ["DEAD_LETTERS_URL"])
        messages = [delivered(record) for record in event["Records"]]
        # Done first: whatever fails after this line, the events come back soon.
        queue.hold(messages)
        if (seconds := oldest(messages, time.time())) > LATE_SECONDS:  # an alarm counts these lines
            logger.warning("events are late", seconds=round(seconds))
        webhook = parameters().get(PORTAL_WEBHOOK)
        robot = _robot(make, webhook)
        if (ahead := clock_ahead(event)) is not None:
            heartbeat().note(robot.name, ahead)
            heartbeat().note_hosts(hosts_named(event))
        return work_off(event, robot, queue, on_trouble=notice(), is_crowded=_limiter(webhook).is_crowded)

    return lambda_handler


def tools() -> Tools:
    """Everything a robot works with, for the portal that the stack's secret names now."""
    return _tools(parameters().get(PORTAL_WEBHOOK), scans=parameters().find(SCAN_WEBHOOK))


def background_tools() -> Tools:
    """The same for the day's work: webhooks go before it, and several of its requests are under way at once."""
    return _tools(parameters().get(PORTAL_WEBHOOK), scans=parameters().find(SCAN_WEBHOOK), background=True)


def lone_run() -> AbstractContextManager[None]:
    """Prevents a second run of the day; raises `Taken` while one is running."""
    key = {"item": {"S": "daily:lease"}, "robot": {"S": "daily-run"}}
    return renewed_lease(client("dynamodb"), os.environ["MEMORY_TABLE"], key, seconds=60)


def inbox() -> Inbox:
    """The way into the robots' queues."""
    return Inbox(client("sqs"), {row.name: os.environ[row.queue_variable] for row in ROWS})


@cache
def parameters() -> Parameters:
    """The stack's parameters."""
    return Parameters(client("ssm"), os.environ["STACK"])


@cache
def settings_reader() -> SettingsReader:
    """The settings in force."""
    return SettingsReader(client("dynamodb"), os.environ["SETTINGS_TABLE"])


def own_address() -> OwnAddress:
    """Where our pages are."""
    return OwnAddress(MemoryTable(client("dynamodb"), os.environ["MEMORY_TABLE"]))


def settings_desk() -> "Desk":
    """What publishing works with. Imported here, so that robots do not load pydantic."""
    from crm_robots.robots.client_status.replanning import replan, take_over
    from crm_robots.robots.client_status.timer import Calendar
    from crm_robots.settings.desk import Desk

    dynamodb, table = client("dynamodb"), os.environ["SETTINGS_TABLE"]
    portal = _portal(parameters().get(PORTAL_WEBHOOK))
    timers = TimersTable(dynamodb, os.environ["TIMERS_TABLE"])
    return Desk(
        bitrix24=portal,
        table=SettingsTable(dynamodb, table),
        alone=lambda: lease(dynamodb, table, {"section": {"S": "publishing"}}, seconds=300),
        count_timers=lambda status: count_timers(dynamodb, timers.name, status),
        replan_timers=lambda rules, zone: replan(timers, Calendar(rules, zone)),
        # Cards that timers know are read by their ids, so the webhook for whole lists is not needed here.
        take_over_cards=lambda rules, zone: take_over(_tools(parameters().get(PORTAL_WEBHOOK)), rules, zone),
        keep_directory=DirectoryCache(portal, dynamodb, table).put,
        keep_hosts=lambda hosts: parameters().put(PORTAL_HOSTS, ",".join(hosts) or ANY_HOST),
        now=lambda: datetime.now(UTC).isoformat(timespec="seconds"),
    )


def watch_drift(round_: Round) -> int | None:
    """The settings against the portal, once a day; no other function needs that code."""
    from crm_robots.settings import drift_watch

    return drift_watch.watch_drift(round_, SettingsTable(client("dynamodb"), os.environ["SETTINGS_TABLE"]))


@cache
def address_book() -> AddressBook:
    """The addresses of Bitrix24's queue, with short time-outs and without redirects."""
    return AddressBook(parameters(), httpx.Client(timeout=10), os.environ["QUEUE_ADDRESSES_URL"])


@cache
def heartbeat() -> Heartbeat:
    """When the robots last had events, and by which clock."""
    return Heartbeat(client("dynamodb"), os.environ["MEMORY_TABLE"])


@cache
def _robot(make: Callable[[Tools], Robot], webhook: str) -> Robot:
    return make(_tools(webhook))


@cache
def _tools(webhook: str, *, scans: str = "", background: bool = False) -> Tools:
    dynamodb = client("dynamodb")
    portal = _portal(webhook, background=background)
    in_flight = _AT_ONCE if background else 1
    memory = MemoryTable(dynamodb, os.environ["MEMORY_TABLE"])
    words = Vocabulary(dynamodb, os.environ["SETTINGS_TABLE"])
    journal = Journal(dynamodb, os.environ["JOURNAL_TABLE"], words)
    directory = DirectoryCache(portal, dynamodb, os.environ["SETTINGS_TABLE"])
    stand_ins = StandIns(directory.get, settings_reader().portal)
    hands_off = HandsOffRule(memory, settings_reader().portal)
    return Tools(
        portal=portal,
        memory=memory,
        timers=TimersTable(dynamodb, os.environ["TIMERS_TABLE"]),
        journal=journal,
        executor=Executor(
            portal, memory, journal, in_flight=in_flight, has_time=_has_time, stand_ins=stand_ins, hands_off=hands_off
        ),
        settings=settings_reader(),
        directory=directory.get,
        directory_now=directory.fresh,
        stand_ins=stand_ins,
        hands_off=hands_off,
        secret=parameters().get,
        has_time=_has_time,
        in_flight=in_flight,
        scans=_portal(scans, background=background, apart="scan ") if is_same_portal(scans, webhook) else None,
    )


@cache
def _portal(webhook: str, *, background: bool = False, apart: str = "") -> Bitrix24:
    http = httpx.Client(timeout=_TIMEOUT)
    return Bitrix24(webhook, http, _limiter(webhook, apart), background=background, has_time=_has_time)


@cache
def _limiter(webhook: str, apart: str = "") -> SharedLimiter:
    return SharedLimiter(client("dynamodb"), os.environ["LIMITER_TABLE"], webhook, apart=apart)


@cache
def notice() -> AccessNotice:
    """Tells the admins of a lost right."""

    def portal() -> Bitrix24:
        return _portal(parameters().get(PORTAL_WEBHOOK))

    def announce(text: str) -> None:
        client("sns").publish(TopicArn=os.environ["ALARMS_TOPIC"], Subject="CRM robots", Message=text)

    return AccessNotice(client("dynamodb"), os.environ["MEMORY_TABLE"], portal, settings_reader(), announce)
