"""A card in sentences: its timer, what each robot knows of it, and what waits (T2)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.conversion.texts import papers_in_words
from crm_robots.robots.daily.steps import next_status
from crm_robots.shared.words.values import Words

from admin.speech import say

_DEALS = ("open", "won", "lost", "gone")

type Saw = Mapping[str, Any]


class Portrait:
    """`kind`: of the card."""

    def __init__(self, words: Words, kind: str, rules: ClientStatusRules | None) -> None:
        self._words = words
        self._kind = kind
        self._rules = rules

    def timer(self, found: Mapping[str, Any] | None) -> list[str]:
        """What stands, what happens next, and when. `found`: as `--json` tells it."""
        if not found:
            return [say("card.no_timer")]
        return list(self._timer(found))

    def robot(self, name: str, state: Mapping[str, Any]) -> str:
        """What one robot knows, in a line."""
        views = {
            "qualification": self._qualification,
            "conversion": self._conversion,
            "lost-deal": self._lost_deal,
            "client-status": self._client_status,
            "undo": self._undo,
        }
        saw = state.get("saw") or {}
        parts = list(views[name](saw)) if name in views else []
        parts += [say(f"card.{key}") for key in ("unfinished", "refused") if state.get(key)]
        parts += [say("card.wrote", at=self._moment(state["last_wrote"]))] if state.get("last_wrote") else []
        return "; ".join(parts) or say("card.seen")

    def _timer(self, found: Mapping[str, Any]) -> Iterator[str]:
        code = found["status"]
        status = self._label(code)
        yield say("card.stands", status=status, since=self._day(found["since"]))
        if paused := found.get("paused"):
            key = "card.until" if paused["until"] else "card.paused"
            yield say(key, why=paused["why"].rstrip("."), until=self._day(paused["until"]))
        if found["due"]:
            following = self._label(next_status(code, self._rules)) if self._rules else say("card.none")
            yield say("card.next", due=self._day(found["due"]), next=following)
        elif not paused:
            yield say("card.never")
        yield say("card.call", day=self._day(found["last_call"])) if found["last_call"] else say("card.no_call")

    def _label(self, code: str) -> str:
        return self._rules.label(code) if self._rules else code

    def _qualification(self, saw: Saw) -> Iterator[str]:
        direction = saw.get("direction")
        if direction:
            items = [one.items for one in self._words.catalog.fields.get(self._kind, {}).values()]
            label = next((found[direction] for found in items if direction in found), direction)
            yield say("card.direction", direction=label)
        if gaps := [self._gap(one) for one in saw.get("announced") or ()]:
            yield say("card.gaps", gaps=", ".join(gaps))
        elif direction:
            yield say("card.no_gaps")
        if number := saw.get("todo"):
            yield say("card.todo", number=number)
        if question := saw.get("question"):
            lines = "; ".join(f"{one['label']}: {one['old']} → {one['new']}" for one in question["lines"])
            yield say("card.question", until=self._after(question), lines=lines)
        for form in (saw.get("forms") or ())[-1:]:
            if not form.get("lapsed"):
                yield say("card.form", until=self._after(form))

    def _gap(self, key: str) -> str:
        names = key.partition("=")[0].split("|")
        return " / ".join(self._words.label(self._kind, name) for name in names)

    def _conversion(self, saw: Saw) -> Iterator[str]:
        if "outcome" in saw:
            missing = saw["outcome"]
            if missing is not None:
                named = papers_in_words(self._words.language, missing.split(","))
                yield say("card.not_ready", missing=named) if missing else say("card.ready")
            return
        if saw.get("converted"):
            yield say("card.converted")
        made = {name: saw.get(f"{name}_id") for name in ("contact", "company", "deal")}
        if any(made.values()):
            shown = {name: f"№{number}" if number else say("card.none") for name, number in made.items()}
            yield say("card.made", **shown)
        if (saw.get("choices") or {}).get("open"):
            yield say("card.choice")
        if saw.get("to_complete"):
            yield say("card.directory")

    def _lost_deal(self, saw: Saw) -> Iterator[str]:
        if stage := saw.get("stage_id"):
            yield say("card.stage", stage=self._words.catalog.stages.get("deal", {}).get(stage, stage))
        for mark in (saw.get("fields") or {}).values():
            earlier = mark.get("shown_earlier") or say("card.empty")
            until = self._day(mark.get("until"))
            yield say(
                "card.mark_until" if until else "card.mark",
                label=mark["label"],
                shown=mark["shown"] or say("card.empty"),
                earlier=earlier,
                until=until,
            )

    def _client_status(self, saw: Saw) -> Iterator[str]:
        state = saw.get("state")
        if state in _DEALS:
            yield say("card.deal_state", state=say(f"card.{state}"))

    def _undo(self, saw: Saw) -> Iterator[str]:
        if names := saw.get("fields"):
            yield say("card.hands_off", fields=", ".join(self._words.label(self._kind, one) for one in names))

    def _after(self, asked: Saw) -> str:
        return self._words.moment(asked["asked"] + timedelta(hours=asked["hours"]).total_seconds())

    def _day(self, text: str | None) -> str:
        return self._words.day(date.fromisoformat(text)) if text else ""

    def _moment(self, text: str) -> str:
        return self._words.moment(datetime.fromisoformat(text).timestamp())
