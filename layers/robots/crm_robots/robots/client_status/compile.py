"""The `client_status` section: dropdown items, people and departments become ids."""

from crm_robots.robots.client_status import rules
from crm_robots.robots.client_status.settings import Calls, ClientStatus, Status
from crm_robots.robots.client_status.settings import Lost as LostModel
from crm_robots.settings.facts import PortalFacts
from crm_robots.settings.fields import ToUser
from crm_robots.settings.fields import Transfer as TransferModel


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
    )


def _items(code: str, kind: str, statuses: list[Status], facts: PortalFacts) -> dict[str, int]:
    """The dropdown's items by status code. An item is known by its code (XML_ID), since people rename labels."""
    field = facts.field("status_field", kind, code, ("enumeration",))
    by_code = {item.xml_id: item for item in field.items if item.xml_id}
    found = {one.code: by_code.get(one.code) or facts.item("statuses", field, one.label) for one in statuses}
    return {status: int(item.id) for status, item in found.items()}


def _calls(calls: Calls, facts: PortalFacts) -> rules.CallRules:
    exempt = [facts.user(f"calls.exempt.{place}", name).id for place, name in enumerate(calls.exempt)]
    return rules.CallRules(
        reset_timer=calls.reset_timer,
        required_for_change=calls.required_for_change,
        lookback_days=calls.lookback_days,
        min_seconds=calls.min_seconds,
        exempt=tuple(dict.fromkeys(exempt)),
    )


def _lost(lost: LostModel, facts: PortalFacts) -> rules.LostRules:
    return rules.LostRules(
        text=lost.text,
        supervisor_text=lost.supervisor_text,
        open_to_everyone=lost.open_to_everyone,
        transfer=_transfer(lost.transfer, facts),
    )


def _transfer(transfer: TransferModel, facts: PortalFacts) -> rules.Transfer:
    if transfer == "none" or transfer == "supervisor":
        return rules.Transfer(transfer)
    if isinstance(transfer, ToUser):
        return rules.Transfer("user", facts.user("lost.transfer.user", transfer.user).id)
    return rules.Transfer("department", facts.department("lost.transfer.department", transfer.department).id)
