"""Fields, conditions and dependent lists of the `qualification` section become ids (Q12, Q13)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from crm_robots.robots.qualification.rules import Condition, Conditional, LeadField, Need
from crm_robots.robots.qualification.settings import DependsOn, Qualification, QualifiedDeals, RequiredWhen
from crm_robots.robots.qualification.values import spelled, value_of
from crm_robots.settings.facts import PortalFacts
from crm_robots.settings.portal_data import EnumItem, PortalField
from crm_robots.settings.problems import listed
from crm_robots.shared.gate.gaps import Requirement

_YES = ("true", "yes", "y", "да", "1")
_NO = ("false", "no", "n", "нет", "0")
_BOOLEANS = ("boolean", "char")
_UNKNOWN = "0"
"""Stands for an item that the portal does not have."""
_COMPARED = ("string", "text", "integer", "double", *_BOOLEANS)
"""Beside dropdowns, fields whose values can be written in the file; of others only `filled` is known."""


@dataclass(frozen=True, slots=True)
class Named:
    """The portal as one part of the section sees it: the lead's, or the deal's below `deals.`."""

    facts: PortalFacts
    kind: str
    prefix: str

    def field(self, key: str, code: str, types: Sequence[str] = ()) -> PortalField:
        """A field of that kind of card."""
        return self.facts.field(f"{self.prefix}{key}", self.kind, code, types)

    def item(self, key: str, field: PortalField, label: str) -> EnumItem:
        """An item of a dropdown."""
        return self.facts.item(f"{self.prefix}{key}", field, label)

    def note(self, key: str, reason: str, **words: object) -> None:
        """Refuses the section."""
        self.facts.note(f"{self.prefix}{key}", reason, **words)


def compiled_needs(key: str, needs: Sequence[str | RequiredWhen], named: Named) -> tuple[Need, ...]:
    """What is required, with its conditions."""
    return tuple(_need(key if isinstance(need, str) else f"{key}.{at}", need, named) for at, need in enumerate(needs))


def _need(key: str, need: str | RequiredWhen, named: Named) -> Need:
    if isinstance(need, str):
        return _requirement(key, need, named)
    conditions = tuple(_condition(f"{key}.when.{code}", code, expected, named) for code, expected in need.when.items())
    return Conditional(_requirement(f"{key}.field", need.field, named), conditions)


def _requirement(key: str, text: str, named: Named) -> Requirement:
    return tuple(named.field(key, code).code for code in text.split("|"))


def _condition(key: str, code: str, expected: object, named: Named) -> Condition:
    field = named.field(key, code)
    if not isinstance(expected, list):
        return Condition(field.code)
    return Condition(
        field.code, tuple(dict.fromkeys(one for raw in expected for one in _value(key, field, raw, named)))
    )


def _value(key: str, field: PortalField, raw: object, named: Named) -> tuple[str, ...]:
    """A value of the file in the spelling in which the robot compares."""
    if field.type == "enumeration" or field.items:
        return (str(named.item(key, field, str(raw)).id),)
    if field.type in _BOOLEANS:
        word = str(raw).casefold()
        if word not in _YES + _NO:
            named.note(key, "one_of", found=str(raw), expected="true, false")
        return spelled(word in _YES)
    if field.type not in _COMPARED:
        named.note(key, "one_of", found=str(raw), expected="filled")
        return ()
    return spelled(value_of(str(raw), replace(plain_field(field), multiple=False)))


def asked_fields(section: Qualification | QualifiedDeals, named: Named) -> tuple[LeadField, ...]:
    """Everything the robot looks at, in the order of the file."""
    parents = {code: one.depends_on for code, one in section.fields.items() if one.depends_on}
    _refuse_circles({code: one.field for code, one in parents.items()}, named)
    return tuple(
        _depending(plain_field(field), field, parents[field.code], section, named)
        if field.code in parents
        else plain_field(field)
        for field in _portal_fields(section, named)
    )


def plain_field(one: PortalField) -> LeadField:
    """The field as the portal has it."""
    items = {str(item.id): item.value for item in one.items}
    return LeadField(one.code, one.label, one.type, one.multiple, items, one.links_to)


def _portal_fields(section: Qualification | QualifiedDeals, named: Named) -> Iterator[PortalField]:
    needs = [*section.required_always, *(need for one in section.directions.values() for need in one.required)]
    confirmed = [code for one in section.directions.values() for code in one.confirm]
    parents = [one.depends_on.field for one in section.fields.values() if one.depends_on]
    named_codes = [section.direction_field, *section.fields, *codes_of(needs), *confirmed, *parents]
    for code in dict.fromkeys(named_codes):
        if named.facts.has_field(named.kind, code):
            yield named.field("fields", code)


def codes_of(needs: Iterable[str | RequiredWhen]) -> Iterator[str]:
    """Every field that they name: of `A|B` both, and those of conditions."""
    for need in needs:
        yield from (need if isinstance(need, str) else need.field).split("|")
        if isinstance(need, RequiredWhen):
            yield from need.when


def _depending(
    field: LeadField, own: PortalField, model: DependsOn, section: Qualification | QualifiedDeals, named: Named
) -> LeadField:
    key = f"fields.{field.code}.depends_on"
    if field.type != "enumeration":
        named.note(key, "field_type", found=field.code, expected="enumeration")
        return field
    parent = named.field(f"{key}.field", model.field, ("enumeration",))
    groups = {
        str(named.item(f"{key}.options", parent, name).id): tuple(
            str(named.item(f"{key}.options.{name}", own, label).id) for label in labels
        )
        for name, labels in model.options.items()
    }
    placed = {item for group in groups.values() for item in group}
    wanted = [str(named.item(f"fields.{field.code}.values", own, one).id) for one in section.fields[field.code].values]
    # An item that could not be found is told already, and would leave the one that was meant alone.
    alone = [] if _UNKNOWN in placed else [item for item in wanted if item not in placed]
    if alone:
        labels = listed(field.items.get(item, item) for item in alone)
        named.note(f"{key}.options", "in_no_group", found=labels, expected=model.field)
    return replace(field, depends_on=parent.code, groups=groups)


def _refuse_circles(parents: Mapping[str, str], named: Named) -> None:
    """A field that depends on itself, however far around, could never be filled. Each circle is told once."""
    told: set[str] = set()
    for start in parents:
        way = [start]
        while (above := parents.get(way[-1])) and above not in way:
            way.append(above)
        circle = way[way.index(above) :] if above else []
        if circle and told.isdisjoint(circle):
            told |= set(circle)
            key = f"fields.{circle[0]}.depends_on.field"
            named.note(key, "circle", found=circle[0], expected=" → ".join([*circle, circle[0]]))
