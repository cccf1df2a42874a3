"""What is missing on the portal for a section's fields, and how the portal will look with it. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from crm_robots.settings.portal_data import EnumItem, PortalData, PortalField
from crm_robots.settings.problems import Problem, nearest_names
from crm_robots.settings.provision.specs import WantedField, WantedItem
from crm_robots.shared.names import folded

_STEP = 10
_CREATABLE = {"string", "integer", "double", "boolean", "date", "datetime", "enumeration", "url", "money", "employee"}


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item to add (no id), or one to give a new label or its code."""

    label: str
    sort: int
    id: int | None = None
    code: str = ""
    was: str = ""
    """The label so far."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field to create (no id), or items of one to write."""

    wanted: WantedField
    items: tuple[ItemChange, ...]
    id: int = 0

    @property
    def is_only_codes(self) -> bool:
        """Nothing that people see would change."""
        return self.id > 0 and all(item.id and item.was == item.label for item in self.items)


@dataclass(frozen=True, slots=True)
class Provision:
    """The outcome of planning."""

    changes: tuple[FieldChange, ...]
    problems: tuple[Problem, ...]
    beyond: dict[str, tuple[str, ...]]
    """Field (`lead UF_CRM_AREA`) -> labels of dropdown items that the portal has and the file does not."""
    after: PortalData
    """The portal with the changes; what is new has ids below zero."""


def plan(wanted: Iterable[WantedField], data: PortalData) -> Provision:
    """Compares what a section wants with what the portal has."""
    changes: list[FieldChange] = []
    problems: list[Problem] = []
    surplus: dict[str, tuple[str, ...]] = {}
    for field in wanted:
        known = data.fields.get((field.kind, field.code))
        full = _filled_in(field, data)
        if full is None or (known and field.only_if_missing):
            continue
        if known and (found := [*_conflicts(full, known)]):
            problems += found
            continue
        change = FieldChange(full, _item_changes(full.items, known.items if known else ()), known.id if known else 0)
        if known is None or change.items:
            changes.append(change)
            data = data.with_fields(_changed(change, known))
        if known and (extra := beyond(full, known)):
            surplus[f"{field.kind} {field.code}"] = tuple(item.value for item in extra)
    return Provision(tuple(changes), tuple(problems), surplus, data)


def _filled_in(field: WantedField, data: PortalData) -> WantedField | None:
    """A copy of a lead's field takes its shape; None when there is nothing to copy, or it cannot be made."""
    if not field.like:
        return field
    model = data.fields.get(("lead", field.like))
    if model is None or model.type not in _CREATABLE:
        return None
    items = tuple(WantedItem(item.value) for item in model.items)
    return replace(field, label=model.label, type=model.type, multiple=model.multiple, items=items)


def _conflicts(field: WantedField, known: PortalField) -> Iterator[Problem]:
    if (field.type, field.multiple) != (known.type, known.multiple):
        shape = f"{known.type} (multiple: {str(known.multiple).lower()})"
        yield Problem(field.key, "field_type", found=field.code, expected=shape)
        return
    for item in field.items:
        if item.was:
            yield from _rename_conflicts(field.key, item, known)


def _rename_conflicts(key: str, item: WantedItem, known: PortalField) -> Iterator[Problem]:
    """One of the two labels must be there, and only one (P7)."""
    new, old = known.item(item.label), known.item(item.was)
    if (new is None) != (old is None):
        return
    near = () if new else nearest_names(item.was, [one.value for one in known.items])
    reason = "rename_both" if new else "rename_neither"
    yield Problem(f"{key}.rename.{item.label}", reason, found=item.was, expected=item.label, nearest=near)


def _item_changes(wanted: tuple[WantedItem, ...], known: tuple[EnumItem, ...]) -> tuple[ItemChange, ...]:
    """An item that exists under its label is never added: the portal would make a duplicate."""
    last = max((item.sort for item in known), default=0)
    changes: list[ItemChange] = []
    for place, item in enumerate(wanted, 1):
        found = _known(item, known)
        if found is None:
            last += _STEP
            sort = place * _STEP if item.code else last
            changes.append(ItemChange(item.label, sort, code=item.code))
        elif item.code and (found.value, found.xml_id) != (item.label, item.code):
            changes.append(ItemChange(item.label, place * _STEP, int(found.id), item.code, found.value))
        elif item.was and folded(found.value) == folded(item.was):
            changes.append(ItemChange(item.label, found.sort, int(found.id), found.xml_id, found.value))
    return tuple(changes)


def _known(item: WantedItem, known: tuple[EnumItem, ...]) -> EnumItem | None:
    by_code = (one for one in known if item.code and one.xml_id == item.code)
    field = PortalField("", "", "", "", items=known)
    return next(by_code, None) or field.item(item.label) or (field.item(item.was) if item.was else None)


def _changed(change: FieldChange, known: PortalField | None) -> PortalField:
    """The field as it will be."""
    wanted = change.wanted
    before = {item.id: item for item in known.items} if known else {}
    after = {
        (item.id or -place): EnumItem(item.id or -place, item.label, item.code, item.sort)
        for place, item in enumerate(change.items, 1)
    }
    items = tuple((before | after).values())
    label = known.label if known else wanted.label
    return PortalField(wanted.kind, wanted.code, label, wanted.type, wanted.multiple, items, change.id or -1)


def beyond(wanted: WantedField, known: PortalField) -> tuple[EnumItem, ...]:
    """Items that the portal has and the file does not."""
    if wanted.only_if_missing:
        return ()
    ours = {found.id for item in wanted.items if (found := _known(item, known.items))}
    return tuple(item for item in known.items if item.id not in ours)
