"""Entries of the journal: by item, by run, or by day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Any

import msgspec
from crm_robots.records.journal import Entry

from admin.stack import Stack


def of_item(stack: Stack, item: str, since: str = "") -> Iterator[Entry]:
    """What happened to an item, oldest first. `since`: UTC, `2026-01-10T09:00:00Z`."""
    return _query(stack, "item", item, since)


def of_run(stack: Stack, run: str, since: str = "") -> Iterator[Entry]:
    """What one run of the day, or one command, did."""
    return _query(stack, "run", run, since, IndexName="by_run")


def of_days(stack: Stack, first: datetime, last: datetime, since: str = "") -> Iterator[Entry]:
    """Everything that was written on these days; `since` is of the events, whose clock may be another."""
    day = first.astimezone(UTC)
    while day.date() <= last.astimezone(UTC).date():
        yield from _query(stack, "day", f"{day:%Y-%m-%d}", since, IndexName="by_day")
        day += timedelta(days=1)


def newest(stack: Stack, most: int) -> Iterator[Entry]:
    """The newest entries of today and yesterday by our clock, whatever the portal's clock said."""
    today = datetime.now(UTC)
    days = (f"{day:%Y-%m-%d}" for day in (today, today - timedelta(days=1)))
    found = (_query(stack, "day", day, "", IndexName="by_day", ScanIndexForward=False) for day in days)
    return islice(chain.from_iterable(found), most)


def moment(time: datetime) -> str:
    """The moment as the journal's keys write it."""
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _query(stack: Stack, key: str, value: str, since: str, **how: Any) -> Iterator[Entry]:
    # A key condition cannot compare with an empty text; every moment sorts after "0".
    values = {":value": {"S": value}, ":since": {"S": since or "0"}}
    pages = (
        stack.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=stack.table("Journal"),
            KeyConditionExpression="#key = :value AND #at >= :since",
            ExpressionAttributeNames={"#key": key, "#at": "at"},
            ExpressionAttributeValues=values,
            **how,
        )
    )
    for page in pages:
        yield from (_entry(row) for row in page["Items"])


def _entry(row: dict[str, Any]) -> Entry:
    return msgspec.json.decode(row["entry"]["S"], type=Entry)
