"""Which user fields each section wants on the portal."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from crm_robots.robots.client_status.settings import ClientStatus, Snooze
from crm_robots.robots.conversion.settings import Conversion
from crm_robots.robots.lost_deal.settings import LostDeal
from crm_robots.robots.qualification.settings import Qualification
from crm_robots.robots.routing.settings import Routing
from crm_robots.settings.fields import UserField
from crm_robots.shared.names import folded

_LABELS = {
    "ru": {
        "managers_field": "Менеджеры сделки",
        "main_manager_field": "Главный менеджер",
        "status_field": "Статус клиента",
        "due_field": "Статус сменится",
        "until_field": "Пауза до",
        "reason_field": "Причина паузы",
        "ready_field": "Готово к договору",
    },
    "en": {
        "managers_field": "Managers of the deal",
        "main_manager_field": "Main manager",
        "status_field": "Client status",
        "due_field": "Status changes on",
        "until_field": "Paused until",
        "reason_field": "Reason for the pause",
        "ready_field": "Ready for a contract",
    },
}


@dataclass(frozen=True, slots=True)
class WantedItem:
    """An item of a dropdown. With a `code` it is known by that, and its label may change."""

    label: str
    code: str = ""
    was: str = ""
    """The label so far, which is to be replaced."""


@dataclass(frozen=True, slots=True)
class WantedField:
    """A user field that a section wants."""

    key: str
    """Where in the file, for error texts."""
    kind: str
    code: str
    label: str
    type: str
    multiple: bool = False
    items: tuple[WantedItem, ...] = ()
    only_if_missing: bool = False
    """The file does not describe it, only names it: an existing one is taken as it is."""
    like: str = ""
    """Takes label, type and items of this field of the lead, if there is one."""


def qualification_fields(section: Qualification, _language: str) -> Iterator[WantedField]:
    """Fields of the lead, and of deals that are kept before a gate of their own."""
    yield from described("qualification", "lead", section.fields)
    if section.deals:
        yield from described("qualification.deals", "deal", section.deals.fields)


def conversion_fields(section: Conversion, language: str) -> Iterator[WantedField]:
    """Fields of the lead, the usual ones that the file names without describing, and the deal's copies."""
    yield from described("conversion", "lead", section.fields)
    named = {section.client_type_field, section.inn_field, section.account_field, section.bik_field}
    yield from _usual("conversion", section.USUAL, named - section.fields.keys())
    if section.ready_field:
        label = _LABELS[language]["ready_field"]
        yield WantedField("conversion.ready_field", "company", section.ready_field, label, "boolean")
    for source, target in section.copy_fields.items():
        if target.startswith("UF_CRM_"):
            key = f"conversion.copy_fields.{source}"
            yield WantedField(key, "deal", target, target, "string", only_if_missing=True, like=source)


def routing_fields(section: Routing, language: str) -> Iterator[WantedField]:
    """Fields of the lead, and the deal's managers."""
    yield from described("routing", "lead", section.fields)
    yield from _usual("routing", section.USUAL, {section.comment_field} - section.fields.keys())
    for key, code, multiple in (
        ("managers_field", section.managers_field, True),
        ("main_manager_field", section.main_manager_field, False),
    ):
        label = _LABELS[language][key]
        yield WantedField(f"routing.{key}", "deal", code, label, "employee", multiple, only_if_missing=True)


def lost_deal_fields(section: LostDeal, _language: str) -> Iterator[WantedField]:
    """Fields of the contact; those that a rule sets on the company too are wanted there as well."""
    yield from described("lost_deal", "contact", section.fields)
    of_company = {code for rule in section.rules for code in rule.company}
    yield from described(
        "lost_deal", "company", {code: field for code, field in section.fields.items() if code in of_company}
    )


def client_status_fields(section: ClientStatus, language: str) -> Iterator[WantedField]:
    """The status on each tracked card."""
    items = tuple(WantedItem(status.label, status.code) for status in section.statuses)
    for kind in section.entities:
        key, label = "client_status.status_field", _LABELS[language]["status_field"]
        yield WantedField(key, kind, section.status_field, label, "enumeration", items=items)
        if section.due_field:
            label = _LABELS[language]["due_field"]
            yield WantedField("client_status.due_field", kind, section.due_field, label, "date")
        if section.snooze:
            yield from _snooze_fields(section.snooze, kind, language)


def _snooze_fields(snooze: Snooze, kind: str, language: str) -> Iterator[WantedField]:
    for key, code, form in (
        ("until_field", snooze.until_field, "date"),
        ("reason_field", snooze.reason_field, "string"),
    ):
        yield WantedField(f"client_status.snooze.{key}", kind, code, _LABELS[language][key], form)


def described(section: str, kind: str, fields: Mapping[str, UserField]) -> Iterator[WantedField]:
    """The fields that the file describes."""
    for code, field in fields.items():
        was = {folded(new): old for new, old in field.rename.items()}
        items = tuple(WantedItem(value.strip(), was=was.get(folded(value), "")) for value in field.values)
        key = f"{section}.fields.{code}"
        yield WantedField(key, kind, code, field.label, field.type, field.multiple, items)


def _usual(section: str, usual: Mapping[str, UserField], codes: Iterable[str]) -> Iterator[WantedField]:
    for code in sorted(codes):
        if code in usual:
            field = usual[code]
            items = tuple(WantedItem(value) for value in field.values)
            key = f"{section}.fields.{code}"
            yield WantedField(key, "lead", code, field.label, field.type, field.multiple, items, only_if_missing=True)
