"""Plays the story: people act on the portal, robots answer, and every expected result is waited for."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
from rich.console import Console
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from admin.stack import Stack
from sandbox.portal.core import Portal
from sandbox.portal.persons import Person
from sandbox.portal.types import BY_NAME
from sandbox.seed import Company

PATIENCE = 90.0
"""Seconds that a robot may take. The first event of each starts a function from nothing."""
_UNTIL_TAKEN = Retrying(
    retry=retry_if_exception_type(httpx.HTTPStatusError),
    wait=wait_fixed(1),
    stop=stop_after_delay(PATIENCE),
    reraise=True,
)
"""The robots may have used up the portal's requests of this second."""
_BB_LINK = re.compile(r"\[URL=([^\]]+)\](.*?)\[/URL\]", re.DOTALL)
_BB_REST = re.compile(r"\[/?[A-Z]+\]")


def plain(text: str) -> str:
    """BB code as people see it."""
    return _BB_REST.sub("", _BB_LINK.sub(r"\2", text))


class Theatre:
    """Plays in Russian or English (`language`) and counts what did not happen."""

    def __init__(self, portal: Portal, office: Company, language: str) -> None:
        self.portal = portal
        self.office = office
        self.language = language
        self.missing = 0
        self._stack = Stack.find(None)
        self._console = Console(highlight=False, width=110, soft_wrap=True)

    def say(self, ru: str, en: str) -> None:
        """What people do in this scene."""
        self._console.print(f"  {self._word(ru, en)}")

    def chapter(self, ru: str, en: str) -> None:
        """A heading."""
        self._console.print(f"\n[bold]{self._word(ru, en)}[/bold]")

    def person(self, last_name: str) -> Person:
        """An employee of the company."""
        return self.portal.as_user(self.office.users[last_name])

    def expect[T](self, ru: str, en: str, check: Callable[[], T], *, show: str = "") -> T:
        """Waits for what a robot should do, and prints it; a result that does not come is counted."""
        until = monotonic() + PATIENCE
        found = check()
        while not found and monotonic() < until:
            sleep(0.2)
            found = check()
        mark = "[green]✓[/green]" if found else "[red]✗[/red]"
        self._console.print(f"    {mark} {self._word(ru, en)}" + (f"  [dim]{show}[/dim]" if show else ""))
        if isinstance(found, str):
            for line in plain(found).splitlines():
                self._console.print("        │ " + line, style="cyan", markup=False)
        self.missing += not found
        return found

    def card(self, kind: str, item_id: int) -> str:
        """Where to look at it."""
        return f"{self.portal.address}/crm/{kind}/details/{item_id}/"

    def read(self, kind: str, item_id: int) -> dict[str, Any]:
        """The card as it is now."""
        with self.portal.lock:
            return dict(self.portal.as_user(1).read(kind, item_id))

    def comment(self, kind: str, item_id: int, *words: str) -> str:
        """The newest comment that holds all these words; empty while there is none."""
        with self.portal.lock:
            texts = [row["text"] for row in self.portal.timeline.comments(BY_NAME[kind].id, item_id)]
        return next((text for text in reversed(texts) if all(word in text for word in words)), "")

    def notification(self, last_name: str, *words: str) -> str:
        """The newest notification of somebody that holds all these words."""
        with self.portal.lock:
            texts = [str(row["text"]) for row in self.person(last_name).notifications()]
        return next((text for text in reversed(texts) if all(word in text for word in words)), "")

    def stage(self, kind: str, item_id: int) -> str:
        """The name of the stage where an item stands."""
        row = self.read(kind, item_id)
        with self.portal.lock:
            stages = self.portal.stages.of(BY_NAME[kind].id, row.get("categoryId") or 0)
        return next((str(one["NAME"]) for one in stages if one["STATUS_ID"] == row["stageId"]), "")

    def label(self, kind: str, item_id: int, field: str) -> str:
        """The value of a dropdown in words."""
        value = self.read(kind, item_id).get(field)
        with self.portal.lock:
            rows = list(self.portal.tables.user_fields)
        owner = BY_NAME[kind].user_fields
        items = next(row["LIST"] for row in rows if (row["entityId"], row["FIELD_NAME"]) == (owner, field))
        wanted = {str(one) for one in (value if isinstance(value, list) else [value])}
        return ", ".join(item["value"] for item in items if str(item["id"]) in wanted)

    def of_lead(self, kind: str, lead: int) -> list[int]:
        """Items of that kind that came from a lead."""
        with self.portal.lock:
            return [int(row["id"]) for row in self.portal.items.table(BY_NAME[kind].id) if row.get("leadId") == lead]

    def task(self, lead: int, words: str) -> str:
        """The title of a lead's task that begins so."""
        with self.portal.lock:
            titles = [str(row["TITLE"]) for row in self.portal.tasks.of(1, lead)]
        return next((title for title in titles if title.startswith(words)), "")

    def opens(self, link: str, *words: str) -> bool:
        """Whether a page can be opened and says all these words."""
        page = httpx.get(link, timeout=30)
        return page.is_success and all(word in page.text for word in words)

    def answer(self, link: str, answer: str) -> bool:
        """Presses a button on a confirmation page, as a browser would: `confirm` or `decline`."""
        return httpx.post(link, data={"answer": answer}, timeout=30).is_success

    def fill_in(self, link: str, answers: dict[str, str | list[str]]) -> bool:
        """Sends the form of a fill-in page, as a browser would."""
        return httpx.post(link, data=answers, timeout=30).is_success

    def item(self, kind: str, field: str, label: str) -> str:
        """The id of a dropdown's item."""
        with self.portal.lock:
            rows = list(self.portal.tables.user_fields)
        owner = BY_NAME[kind].user_fields
        items = next(row["LIST"] for row in rows if (row["entityId"], row["FIELD_NAME"]) == (owner, field))
        return next(str(one["id"]) for one in items if one["value"] == label)

    def call(self, last_name: str, method: str, **params: Any) -> Any:
        """Calls a REST method in somebody's name, as another program of theirs would."""
        user = self.office.users[last_name]
        code = f"of-user-{user}"
        with self.portal.lock:
            self.portal.incoming.add(user, code)
        address = f"{self.portal.address}/rest/{user}/{code}/{method}"
        for attempt in _UNTIL_TAKEN:
            with attempt:
                reply = httpx.post(address, json=params, timeout=30).raise_for_status()
        return reply.json()["result"]

    def morning(self, day: date) -> None:
        """The schedule fires at five past nine of that day."""
        moment = datetime.combine(day, time(9, 5), self.portal.clock.zone)
        self.portal.clock.set(moment)
        self.robots("daily", "--at", moment.isoformat(timespec="seconds"))

    def robots(self, *words: str) -> str:
        """What the administrator's command prints; its failure is a step that did not happen."""
        command = Path(sys.executable).with_name("robots")
        done = subprocess.run([command, *words], capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            self.missing += 1
            self._console.print(f"    [red]✗[/red] robots {' '.join(words)}: {done.stderr or done.stdout}")
        return done.stdout

    def remembers(self, robot: str, item: str) -> bool:
        """Whether a robot has seen an item (`lead:17`)."""
        key = {"item": {"S": item}, "robot": {"S": robot}}
        found = self._stack.client("dynamodb").get_item(TableName=self._stack.table("Memory"), Key=key)
        return "Item" in found

    def link_in(self, text: str, part: str) -> str:
        """The address in a BB-code text that holds `part`."""
        return next((url for url, _ in _BB_LINK.findall(text) if part in url), "")

    def end(self) -> None:
        """The last line of the story."""
        if self.missing:
            words = self._word("Не случилось шагов:", "Steps that did not happen:")
            self._console.print(f"\n[red]{words} {self.missing}")
        else:
            words = self._word("Всё случилось как обещано.", "All of it happened as promised.")
            self._console.print(f"\n[green]{words}")

    def stay(self) -> None:
        """Where to look, and how to end it."""
        self._console.print(
            self._word(
                f"Портал: {self.portal.address}/ · остановить: Ctrl-C",
                f"The portal: {self.portal.address}/ · Ctrl-C ends it",
            )
        )

    def _word(self, ru: str, en: str) -> str:
        return ru if self.language == "ru" else en
