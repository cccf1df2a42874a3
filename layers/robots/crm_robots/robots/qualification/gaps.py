"""Q2, Q12, Q13: what a lead lacks."""

from collections.abc import Iterator, Mapping

from crm_robots.robots.qualification.rules import Condition, Conditional, Direction, Need, QualificationRules
from crm_robots.robots.qualification.values import Value, spelled
from crm_robots.shared.gate.gaps import Requirement, key_of, unmet


def direction_of(values: Mapping[str, Value], rules: QualificationRules) -> str:
    """The dropdown item's id; empty when no direction is chosen."""
    value = values.get(rules.direction_field)
    return value if isinstance(value, str) else ""


def needs(direction: str, rules: QualificationRules) -> tuple[Need, ...]:
    """Everything a lead of that direction may need, the direction first."""
    own = rules.directions.get(direction, Direction(""))
    return tuple(dict.fromkeys([(rules.direction_field,), *rules.required_always, *own.required]))


def fields_of(need: Need) -> Requirement:
    """The fields of which one must be filled, whatever the conditions."""
    return need.fields if isinstance(need, Conditional) else need


def gaps(values: Mapping[str, Value], rules: QualificationRules) -> tuple[Requirement, ...]:
    """Requirements that nothing meets. A list that depends on another asks for that one first."""
    counted = [fields_of(one) for one in needs(direction_of(values, rules), rules) if _counts(one, values)]
    wanted = [one for fields in counted for one in (*_parents(fields, values, rules), fields)]
    return tuple(unmet(dict.fromkeys(wanted), lambda code: _is_missing(code, values, rules)))


def gap_key(requirement: Requirement, values: Mapping[str, Value], rules: QualificationRules) -> str:
    """How the memory names a gap; another value that does not fit is news."""
    wrong = [item for code in requirement for item in misfits(code, values, rules)]
    return f"{key_of(requirement)}={','.join(wrong)}" if wrong else key_of(requirement)


def misfits(code: str, values: Mapping[str, Value], rules: QualificationRules) -> tuple[str, ...]:
    """Chosen items of a dependent list that go with no chosen item of its parent (Q12)."""
    field = rules.fields.get(code)
    if field is None or not field.depends_on or not (chosen := spelled(values.get(field.depends_on))):
        return ()
    fitting = {item for one in chosen for item in field.groups.get(one, ())}
    return tuple(item for item in spelled(values.get(code)) if item not in fitting)


def _is_missing(code: str, values: Mapping[str, Value], rules: QualificationRules) -> bool:
    if values.get(code) is None:
        return not _has_nothing_to_choose(code, values, rules)
    return bool(misfits(code, values, rules))


def _has_nothing_to_choose(code: str, values: Mapping[str, Value], rules: QualificationRules) -> bool:
    """None of the parent's chosen items has a group."""
    field = rules.fields.get(code)
    if field is None or not field.depends_on:
        return False
    chosen = spelled(values.get(field.depends_on))
    return bool(chosen) and not any(field.groups.get(one) for one in chosen)


def _counts(need: Need, values: Mapping[str, Value]) -> bool:
    return not isinstance(need, Conditional) or all(_holds(one, values) for one in need.when)


def _holds(condition: Condition, values: Mapping[str, Value]) -> bool:
    parts = spelled(values.get(condition.field))
    return bool(parts) and (not condition.any_of or not set(parts).isdisjoint(condition.any_of))


def _parents(fields: Requirement, values: Mapping[str, Value], rules: QualificationRules) -> Iterator[Requirement]:
    """Lists that those fields depend on; of several fields only the filled one's."""
    chosen = fields if len(fields) == 1 else [code for code in fields if values.get(code) is not None][:1]
    for code in chosen:
        field = rules.fields.get(code)
        if field and field.depends_on:
            yield from _parents((field.depends_on,), values, rules)
            yield (field.depends_on,)
