"""What happens in a life, drawn from its seed before it begins: who does what, what breaks, and when.

Targets are fractions: `0.4` of those items that are there by then. So any act can be left out and the rest still makes
sense, which is how a failing story is shortened.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

LEAD_STAGES = (
    *("NEW", "ASSIGNED", "IN_PROCESS", "VISIT", "QUALIFIED", "OFFER", "NEGOTIATION"),
    *("CONVERTED", "CONVERTED", "CONVERTED", "JUNK"),
)
PHONES = ("8 916 123-45-67", "+79161234567", "7 (903) 555-44-33", "8 800 700 60 50")
EMAILS = ("anna@sharlotta.example", "boris@sharlotta.example")
REFERENCE = "$result[contact][item][id]"
LIVE = "[url=https://evil.example]"
"""What nobody may bring into force by typing it into a form."""
NAMES = ("Шарлотта", "Бонифаций", "", REFERENCE)
LAST_NAMES = ("Кринолинова", "Жаккардов", "", f"{LIVE}Анна[/url]")
INNS = ("7707083893", "500100732259", "7707083894", "")
LEGAL = {"UF_CRM_ACCOUNT": "40702810938000000001", "UF_CRM_BIK": "044525225"}
VALUES: dict[str, tuple[Any, ...]] = {
    "UF_CRM_DIRECTION": ("Физические лица", "Оптовик", "Швейное предприятие", "Сеть магазинов", None),
    "UF_CRM_AVG_ORDER": ("до 50 000 ₽", "более 200 000 ₽", None),
    "UF_CRM_VOLUME": ("500 – 5 000", "более 5 000", None),
    "UF_CRM_PRODUCTS": (["Трикотаж"], ["Трикотаж", "Спецодежда"], []),
    "UF_CRM_STORES": (3, 12, None),
    "UF_CRM_AREA": (120.5, None),
    "UF_CRM_CLIENT_TYPE": ("Физическое лицо", "Юридическое лицо", None),
    "UF_CRM_INN": INNS,
    "UF_CRM_ACCOUNT": (LEGAL["UF_CRM_ACCOUNT"], "123", ""),
    "UF_CRM_BIK": (LEGAL["UF_CRM_BIK"], ""),
    "UF_CRM_DEAL_DIRECTION": ("Продажа товара", "Оказание услуги", None),
    "UF_CRM_SERVICES": (["Монтаж"], ["Монтаж", "Проектирование"], ["Обслуживание"], []),
    "UF_CRM_VISIT_COMMENT": ("Замерили окна", "", f"$result[p0_visit][task][description] {LIVE}тут[/url]"),
    "name": NAMES,
    "lastName": LAST_NAMES,
    "companyTitle": ("ООО Кринолин", "", "$result[a]"),
}
STATUSES = ("Новый", "В работе", "Горячий", "Тёплый", "Холодный", "Пропал", None)
OUTAGES = (
    "html_502",
    "html_500",
    "timeout",
    "cut",
    "internal",
    "unexpected",
    "no_auth",
    "query_limit",
    "operation_time",
)
MOMENTS = ("html_502", "timeout", "cut", "cut", "internal", "query_limit")


@dataclass(frozen=True)
class Act:
    """`at`: seconds from the beginning. `who`, `which`: fractions of the people and of the items that are there."""

    at: float
    what: str
    who: float = 0.0
    which: float = 0.0
    how: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        told = " ".join(f"{name}={value!r}" for name, value in self.how.items())
        return f"{self.at:10.2f} s  {self.what} #{self.which:.2f} by {self.who:.2f}  {told}".rstrip()


class Writer:
    """Draws one story. Acts come in bursts, so that people get into the robots' way."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._at = 1.0
        self.acts: list[Act] = []

    def write(self) -> tuple[Act, ...]:
        """Between one and four dozen acts."""
        draw = self._random
        stormy = draw.random() < 0.85
        self._add("create_lead", self._new_lead())
        for _ in range(draw.randint(6, 26)):
            self._at += draw.choice((0.0, 0.1, 0.5, 1.0, 2.0, 20.0, 300.0))
            if draw.random() < 0.06:
                self._at += draw.choice((3_600.0, 86_400.0, 6 * 86_400.0, 11 * 86_400.0, 31 * 86_400.0))
                self._quarters()
            self._human()
            if stormy and draw.random() < 0.7:
                self._fault()
        return tuple(self.acts)

    def _add(self, what: str, how: dict[str, Any] | None = None) -> None:
        self.acts.append(Act(self._at, what, self._random.random(), self._random.random(), how or {}))

    def _quarters(self) -> None:
        """The schedule goes on, through whatever else is in the way."""
        for _ in range(self._random.randint(1, 3)):
            self._add("quarter")
            if self._random.random() < 0.5:
                self._fault()
            self._at += self._random.choice((1.0, 30.0, 900.0))

    def _human(self) -> None:
        draw = self._random
        kinds = {
            "create_lead": 12,
            "edit_lead": 26,
            "move_lead": 22,
            "win_lead": 10,
            "convert_by_hand": 4,
            "create_client": 6,
            "create_deal": 6,
            "close_deal": 10,
            "reopen_deal": 4,
            "move_deal": 4,
            "set_status": 10,
            "call": 8,
            "edit_client": 4,
            "mark_client": 5,
            "pause_client": 5,
            "answer": 5,
            "complete_todo": 2,
            "delete": 3,
            "import_leads": 4,
            "move_leads": 5,
            "set_statuses": 4,
        }
        what = draw.choices(list(kinds), list(kinds.values()))[0]
        self._add(what, getattr(self, f"_{what}", dict)())

    def _fault(self) -> None:
        draw = self._random
        kinds = {
            "kill_before": 10,
            "kill_after": 14,
            "throttle": 5,
            "lost": 5,
            "unprocessed": 3,
            "unavailable": 3,
            "portal": 12,
            "outage": 5,
            "short_visibility": 6,
            "events": 5,
            "deaf": 2,
            "slow": 4,
            "deploy": 2,
        }
        what = draw.choices(list(kinds), list(kinds.values()))[0]
        self._add(what, getattr(self, f"_{what}", self._strike)())

    def _pick(self, *names: str) -> dict[str, Any]:
        return {name: self._random.choice(VALUES[name]) for name in names}

    def _new_lead(self) -> dict[str, Any]:
        draw = self._random
        typed = (" $result[p0_visit][task][id]", f" {LIVE}даром[/url]", "")[len(self.acts) % 3]
        fields: dict[str, Any] = {"title": f"Шторы {len(self.acts)}{typed}", **self._pick("name", "lastName")}
        if draw.random() < 0.8:
            fields["fm"] = [{"typeId": "PHONE", "valueType": "WORK", "value": draw.choice(PHONES)}]
        if draw.random() < 0.3:
            fields["fm"] = [*fields.get("fm", ()), _email(draw.choice(EMAILS))]
        some = [name for name in VALUES if name.startswith("UF_")]
        fields |= self._pick(*draw.sample(some, draw.choice((0, 1, 3, 6))))
        return {name: value for name, value in fields.items() if value not in (None, "", [])}

    _create_lead = _new_lead

    def _import_leads(self) -> dict[str, Any]:
        """Several at once, as from a list."""
        return {"leads": [self._new_lead() for _ in range(self._random.randint(3, 6))]}

    def _edit_lead(self) -> dict[str, Any]:
        return self._pick(*self._random.sample(list(VALUES), self._random.choice((1, 1, 2, 3))))

    def _move_lead(self) -> dict[str, Any]:
        return {"stage": self._random.choice(LEAD_STAGES)}

    _move_leads = _move_lead
    """All of them, in one go."""

    def _win_lead(self) -> dict[str, Any]:
        """Somebody fills in everything and wins the lead in one go."""
        draw = self._random
        return {
            "UF_CRM_DIRECTION": "Физические лица",
            "name": "Шарлотта",
            "fm": [{"typeId": "PHONE", "valueType": "WORK", "value": draw.choice(PHONES)}],
            **draw.choice(
                (
                    {"UF_CRM_CLIENT_TYPE": "Физическое лицо"},
                    {"UF_CRM_CLIENT_TYPE": "Юридическое лицо", "UF_CRM_INN": "7707083893", **LEGAL},
                )
            ),
            "stageId": draw.choice(("CONVERTED", "OFFER")),
        }

    def _convert_by_hand(self) -> dict[str, Any]:
        return {"company": self._random.random() < 0.4, "deal": self._random.random() < 0.8}

    def _create_client(self) -> dict[str, Any]:
        kind = self._random.choice(("contact", "company"))
        return {"kind": kind, "status": self._random.choice((*STATUSES, None, None))}

    def _create_deal(self) -> dict[str, Any]:
        return {"company": self._random.random() < 0.5, "contact": self._random.random() < 0.7}

    def _close_deal(self) -> dict[str, Any]:
        return {"stage": self._random.choice(("WON", "NO_MONEY", "LOSE"))}

    def _move_deal(self) -> dict[str, Any]:
        return {"stage": self._random.choice(("NEW", "EXECUTING"))}

    def _set_status(self) -> dict[str, Any]:
        return {"kind": self._random.choice(("contact", "company")), "status": self._random.choice(STATUSES)}

    _set_statuses = _set_status
    """Of all clients of that kind, in one go."""

    def _edit_client(self) -> dict[str, Any]:
        return {"kind": self._random.choice(("contact", "company"))}

    def _mark_client(self) -> dict[str, Any]:
        """Somebody puts a client into the stop-list, or takes it out."""
        return {"value": self._random.choice(("НЕТ", "НЕТ", "ДА", None))}

    def _pause_client(self) -> dict[str, Any]:
        draw = self._random
        days = draw.choice((3, 20, 80, 200, None))
        return {"kind": draw.choice(("contact", "company")), "days": days, "why": draw.choice(("В отпуске", ""))}

    def _call(self) -> dict[str, Any]:
        draw = self._random
        kind = draw.choice(("contact", "company", "deal", "lead"))
        return {"kind": kind, "seconds": draw.choice((0, 5, 90)), "code": draw.choice(("200", "200", "304"))}

    def _answer(self) -> dict[str, Any]:
        return {"answer": self._random.choice(("confirm", "decline"))}

    def _delete(self) -> dict[str, Any]:
        return {"kind": self._random.choice(("lead", "deal", "contact", "company"))}

    def _strike(self) -> dict[str, Any]:
        draw = self._random
        return {"service": draw.choice(("", "portal", "dynamodb", "sqs")), "skip": draw.randrange(8)}

    def _portal(self) -> dict[str, Any]:
        draw = self._random
        how: dict[str, Any] = {"kind": draw.choice(MOMENTS), "skip": draw.randrange(6)}
        if how["kind"] in ("timeout", "cut"):
            return how | {"applied": draw.choice((0, None, None, 1, 2, 3))}
        if how["kind"] == "html_502":
            return how
        return how | {"inner": draw.random() < 0.5}

    def _outage(self) -> dict[str, Any]:
        draw = self._random
        return {"kind": draw.choice(OUTAGES), "seconds": draw.choice((5.0, 60.0, 900.0, 7_200.0))}

    def _short_visibility(self) -> dict[str, Any]:
        return {"times": self._random.randint(1, 4)}

    def _events(self) -> dict[str, Any]:
        draw = self._random
        return {
            "duplicate": draw.choice((0.0, 0.3, 1.0)),
            "reorder": draw.choice((0.0, 5.0, 60.0)),
            "drop": draw.choice((0.0, 0.0, 0.0, 0.3)),
            "seed": draw.randrange(1000),
        }

    def _deaf(self) -> dict[str, Any]:
        return {"times": self._random.randint(1, 3)}

    def _slow(self) -> dict[str, Any]:
        return {"times": self._random.choice((10.0, 40.0)), "seconds": self._random.choice((20.0, 120.0))}


def _email(value: str) -> dict[str, Any]:
    return {"typeId": "EMAIL", "valueType": "WORK", "value": value}


def story(seed: int) -> tuple[Act, ...]:
    """The story of a seed."""
    return Writer(seed).write()
