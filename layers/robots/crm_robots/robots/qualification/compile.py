"""The `qualification` section: stages, fields, dropdown labels and people become ids."""

from collections.abc import Iterator, Sequence

from crm_robots.robots.qualification.compile_fields import Named, asked_fields, compiled_needs, plain_field
from crm_robots.robots.qualification.rules import Direction, LeadField, QualificationRules
from crm_robots.robots.qualification.settings import DealDirection, Qualification, QualifiedDeals
from crm_robots.robots.qualification.settings import Direction as LeadDirection
from crm_robots.settings.facts import PortalFacts
from crm_robots.settings.fields import ToDepartment, ToUser
from crm_robots.settings.portal_data import Stage as PortalStage
from crm_robots.settings.problems import listed
from crm_robots.shared.gate.gaps import Requirement
from crm_robots.shared.gate.stages import Stage
from crm_robots.shared.people import Department

_NEVER_PUT_BACK = ("file", "crm_multifield")
"""The portal takes a file only with its content, and adds to phones and e-mails rather than replacing them."""
_CLIENTS = ("contact", "company")


def compile_qualification(section: Qualification, facts: PortalFacts) -> QualificationRules:
    """The robot's rules, with a label for everything that it may have to name."""
    named = Named(facts, "lead", "")
    stages = facts.lead_stages()
    return QualificationRules(
        direction_field=section.direction_field,
        gate=_open(named, "gate_stage", facts.lead_stage("gate_stage", section.gate_stage), stages),
        stages=tuple(Stage(one.id, one.name, one.semantics) for one in stages),
        looked_at=asked_fields(section, named),
        directions=_directions(section, named),
        required_always=compiled_needs("required_always", section.required_always, named),
        returns=section.on_gap == "return",
        todo_hours=section.todo_deadline_hours,
        confirm_hours=section.confirm_hours,
        form_hours=section.form_hours,
        next_steps={facts.lead_stage(f"next_steps.{name}", name).id: text for name, text in section.next_steps.items()},
        deals=_deals(section.deals, section, facts) if section.deals else None,
    )


def _deals(deals: QualifiedDeals, section: Qualification, facts: PortalFacts) -> QualificationRules:
    """The same rules over another item: hours and `on_gap` are those of the section (Q15)."""
    named = Named(facts, "deal", "deals.")
    category = facts.category("deals.category", deals.category)
    gate = facts.deal_stage("deals.gate_stage", category, deals.gate_stage)
    stages = facts.deal_stages(category.id)
    return QualificationRules(
        direction_field=deals.direction_field,
        gate=_open(named, "gate_stage", gate, stages),
        stages=tuple(Stage(one.id, one.name, one.semantics) for one in stages),
        looked_at=asked_fields(deals, named),
        directions=_directions(deals, named),
        required_always=compiled_needs("required_always", deals.required_always, named),
        returns=section.on_gap == "return",
        todo_hours=section.todo_deadline_hours,
        confirm_hours=section.confirm_hours,
        form_hours=section.form_hours,
        kind="deal",
        category=category.id,
        card_required=_card_required(deals.contact_required, facts),
        card_fields=_card_fields(deals.contact_required, facts),
    )


def _open(named: Named, key: str, stage: PortalStage, stages: Sequence[PortalStage]) -> str:
    if stage.semantics == "F":
        road = listed(one.name for one in stages if one.semantics != "F")
        named.note(key, "one_of", found=stage.name, expected=road)
    return stage.id


def _directions(section: Qualification | QualifiedDeals, named: Named) -> dict[str, Direction]:
    field = named.field("direction_field", section.direction_field, ("enumeration",))
    return {
        str(named.item(f"directions.{name}", field, name).id): _direction(f"directions.{name}", name, one, named)
        for name, one in section.directions.items()
    }


def _direction(key: str, name: str, model: DealDirection, named: Named) -> Direction:
    user = department = 0
    team = ""
    match model.responsible if isinstance(model, LeadDirection) else None:
        case str() as ref:
            addressee = named.facts.addressee(f"{named.prefix}{key}.responsible", ref)
            if isinstance(addressee, Department):
                department, team = addressee.id, addressee.name
            else:
                user = addressee.id
        case ToUser(user=ref):
            user = named.facts.user(f"{key}.responsible.user", ref).id
        case ToDepartment(department=ref):
            found = named.facts.department(f"{key}.responsible.department", ref)
            department, team = found.id, found.name
    return Direction(
        label=name,
        required=compiled_needs(f"{key}.required", model.required, named),
        confirm=tuple(_confirmed(f"{key}.confirm", code, named) for code in model.confirm),
        user=user,
        department=department,
        team=team,
    )


def _confirmed(key: str, code: str, named: Named) -> str:
    found = named.field(key, code)
    if found.type in _NEVER_PUT_BACK:
        named.note(key, "not_put_back", found=code)
    return found.code


def _card_required(texts: Sequence[str], facts: PortalFacts) -> tuple[Requirement, ...]:
    key = "deals.contact_required"
    return tuple(tuple(facts.field(key, "contact", code).code for code in text.split("|")) for text in texts)


def _card_fields(texts: Sequence[str], facts: PortalFacts) -> dict[str, LeadField]:
    """A company has no first name: what its card does not have is not asked of it."""
    return {f"{kind}.{one.code}": one for kind, one in _known(texts, facts)}


def _known(texts: Sequence[str], facts: PortalFacts) -> Iterator[tuple[str, LeadField]]:
    for code in dict.fromkeys(code for text in texts for code in text.split("|")):
        for kind in _CLIENTS:
            if facts.has_field(kind, code):
                yield kind, plain_field(facts.field("deals.contact_required", kind, code))
