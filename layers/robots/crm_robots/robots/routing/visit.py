"""R1: a new lead sends its representative to the client, once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crm_robots.robots.routing import texts
from crm_robots.robots.routing.facts import Facts
from crm_robots.robots.routing.memory import RoutingMemory
from crm_robots.robots.routing.rules import RoutingRules
from crm_robots.shared.actions import AddTask, CompleteTask, UpdateTask
from crm_robots.shared.items import Item
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.titles import filled_for_people

VISIT = "visit"
_NEW_FOR = timedelta(hours=48)
"""A lead whose event of birth was lost is fed in by the daily sweep: so long it still counts as new."""
_ADDRESS = ("ADDRESS_POSTAL_CODE", "ADDRESS_COUNTRY", "ADDRESS_PROVINCE", "ADDRESS_REGION", "ADDRESS_CITY")


def is_new(lead: Item, memory: RoutingMemory, *, born: bool, ts: int) -> bool:
    """Whether the lead is to be visited. `born`: one of the events tells its creation.

    An old lead that somebody edits is not new, even when the robot sees it for the first time.
    """
    if lead.is_closed or memory.visit_wanted:
        return False
    return born or (not memory.seen and _is_recent(lead, ts))


def task(lead: Item, facts: Facts, rules: RoutingRules, portal: PortalRules) -> AddTask | None:
    """The visit; None while there is nobody to go."""
    contact = facts.contact
    representative = visitor(lead, facts, rules, portal)
    if representative is None:
        return None
    phones = lead.phones or (contact.phones if contact else ())
    person = " ".join(filter(None, (lead.text("NAME"), lead.text("LAST_NAME")))) or (contact.title if contact else "")
    link = portal.link_to(lead)
    return AddTask(
        key=VISIT,
        title=filled_for_people(rules.visit_title, lead, rules.words),
        description=texts.visit(portal.language, link, person, ", ".join(phones), address(lead)),
        responsible_id=representative,
        deadline=moment(facts.ts, portal) + timedelta(hours=rules.visit_deadline_hours),
        bindings=(lead.ref,),
        rule="R1",
    )


def course(
    lead: Item, memory: RoutingMemory, visitor_now: int | None, *, reported: bool
) -> CompleteTask | UpdateTask | None:
    """What becomes of the task: it ends with the report or the lead, and goes along when the lead changes hands.

    `reported`: services are told of that were not before. Who ticks them while making the lead has not visited yet.
    A person may have closed the task already; then the portal refuses, and nothing is missed.
    """
    number = memory.visit_task
    if not isinstance(number, int) or memory.visit_over:
        return None
    if reported or lead.is_closed:
        return CompleteTask(number, rule="R1", optional=True)
    changed_hands = memory.responsible not in (0, lead.responsible_id)
    if changed_hands and visitor_now and memory.visitor not in (0, visitor_now):
        return UpdateTask(number, {"RESPONSIBLE_ID": visitor_now}, rule="R1", optional=True)
    return None


def visitor(lead: Item, facts: Facts, rules: RoutingRules, portal: PortalRules) -> int | None:
    """Who goes to the client: the representative of the settings, else who has the lead."""
    if facts.company.directory.is_active(rules.representative):
        return rules.representative
    return _responsible(lead, facts, rules, portal)


def _responsible(lead: Item, facts: Facts, rules: RoutingRules, portal: PortalRules) -> int | None:
    """Who has the lead, or gets it at this moment: both robots hear of a new lead at once."""
    creator = lead.created_by_id
    is_person = creator != portal.webhook_user_id and facts.company.directory.is_active(creator)
    return creator if rules.creator_leads and facts.born and is_person else lead.responsible_id


def address(lead: Item) -> str:
    """The lead's address in one line; empty when it has none."""
    street = ", ".join(filter(None, (lead.text("ADDRESS"), lead.text("ADDRESS_2"))))
    # Some portals keep the whole address in the one field.
    around = [part for name in _ADDRESS if (part := lead.text(name)) and part not in street]
    return ", ".join(filter(None, (*around, street)))


def moment(ts: int, portal: PortalRules) -> datetime:
    """The event's time in the portal's zone."""
    return datetime.fromtimestamp(ts, ZoneInfo(portal.timezone))


def _is_recent(lead: Item, ts: int) -> bool:
    try:
        created = datetime.fromisoformat(lead.text("CREATED_TIME"))
    except ValueError:
        return False
    return created.timestamp() >= ts - _NEW_FOR.total_seconds()
