"""The `qualification` section: stages, fields, dropdown labels and people become ids."""

from collections.abc import Iterator

from crm_robots.robots.qualification.rules import Direction, LeadField, QualificationRules
from crm_robots.robots.qualification.settings import Direction as DirectionModel
from crm_robots.robots.qualification.settings import Qualification
from crm_robots.settings.facts import PortalFacts
from crm_robots.settings.fields import ToDepartment, ToUser
from crm_robots.settings.portal_data import PortalField
from crm_robots.settings.problems import listed
from crm_robots.shared.gate.gaps import Requirement
from crm_robots.shared.gate.stages import Stage

_NEVER_PUT_BACK = ("file", "crm_multifield")
"""The portal takes a file only with its content, and adds to phones and e-mails rather than replacing them."""


def compile_qualification(section: Qualification, facts: PortalFacts) -> QualificationRules:
    """The robot's rules, with a label for everything that it may have to name."""
    field = facts.field("direction_field", "lead", section.direction_field, ("enumeration",))
    directions = {
        str(facts.item(f"directions.{name}", field, name).id): _direction(f"directions.{name}", name, one, facts)
        for name, one in section.directions.items()
    }
    return QualificationRules(
        direction_field=section.direction_field,
        gate=_gate(section.gate_stage, facts),
        stages=tuple(Stage(one.id, one.name, one.semantics) for one in facts.lead_stages()),
        looked_at=tuple(map(_field, _fields(section, facts))),
        directions=directions,
        required_always=_requirements("required_always", section.required_always, facts),
        returns=section.on_gap == "return",
        todo_hours=section.todo_deadline_hours,
        confirm_hours=section.confirm_hours,
    )


def _gate(name: str, facts: PortalFacts) -> str:
    stage = facts.lead_stage("gate_stage", name)
    if stage.semantics == "F":
        road = listed(one.name for one in facts.lead_stages() if one.semantics != "F")
        facts.note("gate_stage", "one_of", found=name, expected=road)
    return stage.id


def _direction(key: str, name: str, model: DirectionModel, facts: PortalFacts) -> Direction:
    user = department = 0
    team = ""
    match model.responsible:
        case ToUser(user=ref):
            user = facts.user(f"{key}.responsible.user", ref).id
        case ToDepartment(department=ref):
            found = facts.department(f"{key}.responsible.department", ref)
            department, team = found.id, found.name
    return Direction(
        label=name,
        required=_requirements(f"{key}.required", model.required, facts),
        confirm=tuple(_confirmed(f"{key}.confirm", code, facts) for code in model.confirm),
        user=user,
        department=department,
        team=team,
    )


def _requirements(key: str, texts: list[str], facts: PortalFacts) -> tuple[Requirement, ...]:
    return tuple(tuple(facts.field(key, "lead", code).code for code in text.split("|")) for text in texts)


def _confirmed(key: str, code: str, facts: PortalFacts) -> str:
    found = facts.field(key, "lead", code)
    if found.type in _NEVER_PUT_BACK:
        facts.note(key, "not_put_back", found=code)
    return found.code


def _fields(section: Qualification, facts: PortalFacts) -> Iterator[PortalField]:
    """Everything the robot looks at, in the order of the file."""
    required = [*section.required_always, *(text for one in section.directions.values() for text in one.required)]
    confirmed = [code for one in section.directions.values() for code in one.confirm]
    codes = [section.direction_field, *section.fields, *(c for text in required for c in text.split("|")), *confirmed]
    for code in dict.fromkeys(codes):
        if facts.has_field("lead", code):
            yield facts.field("fields", "lead", code)


def _field(one: PortalField) -> LeadField:
    items = {str(item.id): item.value for item in one.items}
    return LeadField(one.code, one.label, one.type, one.multiple, items, one.links_to)
