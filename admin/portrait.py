"""A card in sentences: its timer, what each robot knows of it, and what waits (T2)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.daily.steps import next_status
from crm_robots.shared.words.values import Words

_WORDS: dict[str, dict[str, str]] = {
    "ru": {
        "no_timer": "Таймера нет: у карточки нет статуса или роботы её ещё не видели.",
        "stands": "Статус «{status}» с {since}.",
        "next": "{due} статус станет «{next}», если до этого не будет звонка, сделки или другого статуса.",
        "never": "Сам этот статус не меняется.",
        "paused": "Дни стоят: {why}.",
        "until": "Дни стоят до {until}: {why}.",
        "call": "Последний звонок: {day}.",
        "no_call": "Звонков роботы не видели.",
        "unfinished": "не закончил работу и продолжит сам",
        "refused": "портал отказал, об этом есть комментарий",
        "wrote": "последнее действие {at}",
        "direction": "направление «{direction}»",
        "gaps": "не хватает: {gaps}",
        "no_gaps": "пробелов нет",
        "todo": "открыто дело робота №{number}",
        "question": "ждёт ответа до {until}: {lines}",
        "form": "страница заполнения открыта до {until}",
        "converted": "лид сконвертирован",
        "made": "контакт: {contact}, компания: {company}, сделка: {deal}",
        "choice": "ждёт ответа, какую карточку взять",
        "directory": "ждёт справочник, чтобы дополнить компанию",
        "stage": "видел сделку на стадии «{stage}»",
        "mark": "{label}: «{shown}» вместо «{earlier}»",
        "mark_until": "{label}: «{shown}» до {until}, потом снова «{earlier}»",
        "ready": "для договора всё готово",
        "not_ready": "для договора не хватает: {missing}",
        "deal_state": "сделка: {state}",
        "hands_off": "после отмены администратором роботы не трогают: {fields} (пока карточку не изменит человек)",
        "none": "нет",
        "empty": "пусто",
        "seen": "карточку знает",
        "open": "открыта",
        "won": "выиграна",
        "lost": "проиграна",
        "gone": "удалена",
    },
    "en": {
        "no_timer": "No timer: the card has no status, or no robot has seen it yet.",
        "stands": "Status “{status}” since {since}.",
        "next": "On {due} it becomes “{next}”, unless there is a call, a deal or another status before.",
        "never": "This status does not change by itself.",
        "paused": "The days stand still: {why}.",
        "until": "The days stand still until {until}: {why}.",
        "call": "Last call: {day}.",
        "no_call": "The robots have seen no call.",
        "unfinished": "has work that it will finish by itself",
        "refused": "the portal refused something, a comment tells what",
        "wrote": "last action {at}",
        "direction": "direction “{direction}”",
        "gaps": "missing: {gaps}",
        "no_gaps": "no gaps",
        "todo": "the robot's to-do no. {number} is open",
        "question": "waits for an answer until {until}: {lines}",
        "form": "the fill-in page is open until {until}",
        "converted": "the lead is converted",
        "made": "contact: {contact}, company: {company}, deal: {deal}",
        "choice": "waits for an answer: which card is meant",
        "directory": "waits for the directory to complete the company",
        "stage": "saw the deal at the stage “{stage}”",
        "mark": "{label}: “{shown}” instead of “{earlier}”",
        "mark_until": "{label}: “{shown}” until {until}, then “{earlier}” again",
        "ready": "all is ready for a contract",
        "not_ready": "missing for a contract: {missing}",
        "deal_state": "the deal: {state}",
        "hands_off": "after an undo the robots leave alone: {fields} (until a person changes the card)",
        "none": "none",
        "empty": "empty",
        "seen": "knows the card",
        "open": "open",
        "won": "won",
        "lost": "lost",
        "gone": "deleted",
    },
}

type Saw = Mapping[str, Any]


class Portrait:
    """In the language of `words`. `kind`: of the card."""

    def __init__(self, words: Words, kind: str, rules: ClientStatusRules | None) -> None:
        self._words = words
        self._said = _WORDS[words.language]
        self._kind = kind
        self._rules = rules

    def timer(self, found: Mapping[str, Any] | None) -> list[str]:
        """What stands, what happens next, and when. `found`: as `--json` tells it."""
        if not found:
            return [self._said["no_timer"]]
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
        parts += [self._said[key] for key in ("unfinished", "refused") if state.get(key)]
        parts += [self._said["wrote"].format(at=self._moment(state["last_wrote"]))] if state.get("last_wrote") else []
        return "; ".join(parts) or self._said["seen"]

    def _timer(self, found: Mapping[str, Any]) -> Iterator[str]:
        code, said = found["status"], self._said
        status = self._label(code)
        yield said["stands"].format(status=status, since=self._day(found["since"]))
        if paused := found.get("paused"):
            key = "until" if paused["until"] else "paused"
            yield said[key].format(why=paused["why"].rstrip("."), until=self._day(paused["until"]))
        if found["due"]:
            following = self._label(next_status(code, self._rules)) if self._rules else said["none"]
            yield said["next"].format(due=self._day(found["due"]), next=following)
        elif not paused:
            yield said["never"]
        yield said["call"].format(day=self._day(found["last_call"])) if found["last_call"] else said["no_call"]

    def _label(self, code: str) -> str:
        return self._rules.label(code) if self._rules else code

    def _qualification(self, saw: Saw) -> Iterator[str]:
        said = self._said
        direction = saw.get("direction")
        if direction:
            items = [one.items for one in self._words.catalog.fields.get(self._kind, {}).values()]
            label = next((found[direction] for found in items if direction in found), direction)
            yield said["direction"].format(direction=label)
        if gaps := [self._gap(one) for one in saw.get("announced") or ()]:
            yield said["gaps"].format(gaps=", ".join(gaps))
        elif direction:
            yield said["no_gaps"]
        if number := saw.get("todo"):
            yield said["todo"].format(number=number)
        if question := saw.get("question"):
            lines = "; ".join(f"{one['label']}: {one['old']} → {one['new']}" for one in question["lines"])
            yield said["question"].format(until=self._after(question), lines=lines)
        for form in (saw.get("forms") or ())[-1:]:
            if not form.get("lapsed"):
                yield said["form"].format(until=self._after(form))

    def _gap(self, key: str) -> str:
        names = key.partition("=")[0].split("|")
        return " / ".join(self._words.label(self._kind, name) for name in names)

    def _conversion(self, saw: Saw) -> Iterator[str]:
        said = self._said
        if "outcome" in saw:
            missing = saw["outcome"]
            if missing is not None:
                yield said["not_ready"].format(missing=missing) if missing else said["ready"]
            return
        if saw.get("converted"):
            yield said["converted"]
        made = {name: saw.get(f"{name}_id") for name in ("contact", "company", "deal")}
        if any(made.values()):
            shown = {name: f"№{number}" if number else said["none"] for name, number in made.items()}
            yield said["made"].format(**shown)
        if (saw.get("choices") or {}).get("open"):
            yield said["choice"]
        if saw.get("to_complete"):
            yield said["directory"]

    def _lost_deal(self, saw: Saw) -> Iterator[str]:
        if stage := saw.get("stage_id"):
            yield self._said["stage"].format(stage=self._words.catalog.stages.get("deal", {}).get(stage, stage))
        for mark in (saw.get("fields") or {}).values():
            earlier = mark.get("shown_earlier") or self._said["empty"]
            until = self._day(mark.get("until"))
            yield self._said["mark_until" if until else "mark"].format(
                label=mark["label"], shown=mark["shown"] or self._said["empty"], earlier=earlier, until=until
            )

    def _client_status(self, saw: Saw) -> Iterator[str]:
        state = saw.get("state")
        if state in self._said:
            yield self._said["deal_state"].format(state=self._said[state])

    def _undo(self, saw: Saw) -> Iterator[str]:
        if names := saw.get("fields"):
            yield self._said["hands_off"].format(fields=", ".join(self._words.label(self._kind, one) for one in names))

    def _after(self, asked: Saw) -> str:
        return self._words.moment(asked["asked"] + timedelta(hours=asked["hours"]).total_seconds())

    def _day(self, text: str | None) -> str:
        return self._words.day(date.fromisoformat(text)) if text else ""

    def _moment(self, text: str) -> str:
        return self._words.moment(datetime.fromisoformat(text).timestamp())
