"""The `client_status` section: dropdown items, people and departments become ids."""

from typing import Any

from crm_robots.portal.access import missing_rights
from crm_robots.robots.client_status import rules
from crm_robots.robots.client_status.settings import Calls, ClientStatus, Status
from crm_robots.robots.client_status.settings import Desk as DeskModel
from crm_robots.robots.client_status.settings import Lost as LostModel
from crm_robots.settings.facts import PortalFacts
from crm_robots.settings.fields import ToUser
from crm_robots.settings.fields import Transfer as TransferModel
from crm_robots.shared.people import Department
from crm_robots.shared.stop_list import Mark, StopList

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_YES, _NO = ("Y", "1"), ("N", "0", "")
_YES_NO = {"ru": ("да", "нет"), "en": ("yes", "no")}


def compile_client_status(section: ClientStatus, facts: PortalFacts) -> rules.ClientStatusRules:
    """The whole section."""
    warning, told = section.warning, section.notifications
    return rules.ClientStatusRules(
        entities=tuple(dict.fromkeys(section.entities)),
        status_field=section.status_field,
        statuses=tuple(rules.Status(one.code, one.label, one.days) for one in section.statuses),
        items={kind: _items(section.status_field, kind, section.statuses, facts) for kind in section.entities},
        warning=rules.WarningRules(warning.text, warning.days_before, warning.feed),
        lost=_lost(section.lost, facts),
        assign_new=section.assign_new,
        after_won=section.after_deal.won,
        after_lost=section.after_deal.lost,
        count_days=section.count_days,
        holidays_country=section.holidays_country,
        calls=_calls(section.calls, facts),
        notifications=rules.NotificationRules(told.at, told.merge),
        timeline=section.timeline,
        skip_when=_stop_list(section, facts),
        due_field=section.due_field or "",
        snooze=_snooze(section, facts),
        capacity=section.capacity,
        desk=_desk(section.desk, facts),
    )


def _items(code: str, kind: str, statuses: list[Status], facts: PortalFacts) -> dict[str, int]:
    """The dropdown's items by status code. An item is known by its code (XML_ID), since people rename labels."""
    field = facts.field("status_field", kind, code, ("enumeration",))
    by_code = {item.xml_id: item for item in field.items if item.xml_id}
    found = {one.code: by_code.get(one.code) or facts.item("statuses", field, one.label) for one in statuses}
    return {status: int(item.id) for status, item in found.items()}


def _stop_list(section: ClientStatus, facts: PortalFacts) -> StopList:
    """A kind of card without one of the fields is never stopped; a field that no kind has is a mistake."""
    for code in section.skip_when:
        if not any(facts.has_field(kind, code) for kind in section.entities):
            facts.field(f"skip_when.{code}", section.entities[0], code)
    marks: dict[str, tuple[Mark, ...]] = {
        kind: tuple(_mark(kind, code, value, facts) for code, value in section.skip_when.items())
        for kind in section.entities
        if section.skip_when and all(facts.has_field(kind, code) for code in section.skip_when)
    }
    return StopList(marks)


def _mark(kind: str, code: str, value: Any, facts: PortalFacts) -> Mark:
    key, field = f"skip_when.{code}", facts.field(f"skip_when.{code}", kind, code)
    wanted = value if isinstance(value, list) else [value]
    if field.type == "enumeration":
        items = [facts.item(key, field, str(one)).id for one in wanted]
        return Mark(field.code, field.label, tuple(items), {str(one.id): one.value for one in field.items})
    if field.type == "boolean":
        yes, no = _YES_NO[facts.language]
        values = tuple(spelled for one in wanted for spelled in (_YES if one else _NO))
        return Mark(field.code, field.label, values, dict.fromkeys(_YES, yes) | dict.fromkeys(_NO, no))
    return Mark(field.code, field.label, tuple(wanted))


def _snooze(section: ClientStatus, facts: PortalFacts) -> rules.Snooze | None:
    snooze = section.snooze
    if snooze is None:
        return None
    for kind in section.entities:
        facts.field("snooze.until_field", kind, snooze.until_field, ("date",))
        facts.field("snooze.reason_field", kind, snooze.reason_field, ("string",))
    return rules.Snooze(snooze.until_field, snooze.reason_field, snooze.most_days)


def _desk(desk: DeskModel | None, facts: PortalFacts) -> rules.DeskRules | None:
    if desk is None:
        return None
    people = () if desk.to == "heads" else tuple(desk.to)
    found = [facts.user(f"desk.to.{place}", name).id for place, name in enumerate(people)]
    return rules.DeskRules(_WEEKDAYS.index(desk.weekday), tuple(dict.fromkeys(found)), desk.days)


def _calls(calls: Calls, facts: PortalFacts) -> rules.CallRules:
    exempt = [facts.user(f"calls.exempt.{place}", name).id for place, name in enumerate(calls.exempt)]
    scopes = facts.data.scopes
    if calls.proof == "telephony" and scopes is not None:
        for right in missing_rights(scopes, {"telephony"}):
            facts.note(
                "calls.proof", "right", found=calls.proof, expected=right.ru if facts.language == "ru" else right.en
            )
    return rules.CallRules(
        reset_timer=calls.reset_timer,
        required_for_change=calls.required_for_change,
        lookback_days=calls.lookback_days,
        min_seconds=calls.min_seconds,
        exempt=tuple(dict.fromkeys(exempt)),
        proof=calls.proof,
    )


def _lost(lost: LostModel, facts: PortalFacts) -> rules.LostRules:
    return rules.LostRules(
        text=lost.text,
        supervisor_text=lost.supervisor_text,
        open_to_everyone=lost.open_to_everyone,
        transfer=_transfer(lost.transfer, facts),
    )


def _transfer(transfer: TransferModel, facts: PortalFacts) -> rules.Transfer:
    if isinstance(transfer, str):
        if transfer in ("none", "supervisor"):
            return rules.Transfer("none" if transfer == "none" else "supervisor")
        named = facts.addressee("lost.transfer", transfer, words=["none", "supervisor"])
        return rules.Transfer("department" if isinstance(named, Department) else "user", named.id)
    if isinstance(transfer, ToUser):
        return rules.Transfer("user", facts.user("lost.transfer.user", transfer.user).id)
    return rules.Transfer("department", facts.department("lost.transfer.department", transfer.department).id)
