"""Q2: what a lead lacks."""

from collections.abc import Mapping

from crm_robots.robots.qualification.rules import Direction, QualificationRules
from crm_robots.robots.qualification.values import Value
from crm_robots.shared.gate.gaps import Requirement, unmet


def direction_of(values: Mapping[str, Value], rules: QualificationRules) -> str:
    """The dropdown item's id; empty when no direction is chosen."""
    value = values.get(rules.direction_field)
    return value if isinstance(value, str) else ""


def needs(direction: str, rules: QualificationRules) -> tuple[Requirement, ...]:
    """Everything a lead of that direction needs, the direction first."""
    own = rules.directions.get(direction, Direction(""))
    return tuple(dict.fromkeys([(rules.direction_field,), *rules.required_always, *own.required]))


def gaps(values: Mapping[str, Value], rules: QualificationRules) -> tuple[Requirement, ...]:
    """Requirements that nothing meets."""
    wanted = needs(direction_of(values, rules), rules)
    return tuple(unmet(wanted, lambda code: values.get(code) is None))
