"""Makes user fields and dropdown items, and checks that the portal really has them."""

from collections.abc import Sequence
from typing import Any

from crm_robots.portal.access import in_words
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.errors import AccessLost, PortalError
from crm_robots.settings.portal_data import PortalData
from crm_robots.settings.problems import Problem, SettingsError
from crm_robots.settings.provision.plan import FieldChange, ItemChange, plan
from crm_robots.settings.provision.specs import WantedField
from crm_robots.settings.reading import reread_user_fields

_ROUNDS = 3


def provide(bitrix24: Bitrix24, wanted: Sequence[WantedField], data: PortalData, language: str) -> PortalData:
    """Makes what is missing; returns the portal with it.

    The portal returns no ids of new items, may answer 500 although it made the field, and ignores unknown keys. So
    everything is read again after writing, and only what is still missing is tried again.
    """
    errors: dict[tuple[str, str], PortalError] = {}
    for _ in range(_ROUNDS):
        changes = plan(wanted, data).changes
        if not changes:
            return data
        for change in changes:
            try:
                _write(bitrix24, change)
            except PortalError as error:
                errors[change.wanted.kind, change.wanted.code] = error
        data = reread_user_fields(bitrix24, data, language)
    # A portal that keeps its own codes of items still has the right labels.
    left = [change for change in plan(wanted, data).changes if not change.is_only_codes]
    if left:
        raise SettingsError([_failed(change, errors, language) for change in left])
    return data


def _write(bitrix24: Bitrix24, change: FieldChange) -> None:
    rows = [_row(item) for item in change.items]
    kind, wanted = change.wanted.kind, change.wanted
    if change.id:
        bitrix24.call(f"crm.{kind}.userfield.update", {"id": change.id, "fields": {"LIST": rows}})
        return
    fields: dict[str, Any] = {
        "USER_TYPE_ID": wanted.type,
        "FIELD_NAME": wanted.code.removeprefix("UF_CRM_"),  # the portal adds the prefix
        "MULTIPLE": "Y" if wanted.multiple else "N",
        "MANDATORY": "N",
        "SHOW_FILTER": "Y",
    }
    for name in ("EDIT_FORM_LABEL", "LIST_COLUMN_LABEL", "LIST_FILTER_LABEL"):
        # A label in one language is empty for everybody who uses the other.
        fields[name] = {"ru": wanted.label, "en": wanted.label}
    bitrix24.call(f"crm.{kind}.userfield.add", {"fields": fields | ({"LIST": rows} if rows else {})})


def _row(item: ItemChange) -> dict[str, Any]:
    row: dict[str, Any] = {"ID": item.id} if item.id else {}
    row |= {"VALUE": item.label, "SORT": item.sort}
    return row | ({"XML_ID": item.code} if item.code else {})


def _failed(change: FieldChange, errors: dict[tuple[str, str], PortalError], language: str) -> Problem:
    wanted = change.wanted
    error = errors.get((wanted.kind, wanted.code))
    name = f"{wanted.kind} {wanted.code}"
    if error is None:
        return Problem(wanted.key, "not_made", found=name)
    words = in_words(error.right, language) if isinstance(error, AccessLost) else error.description or error.code
    return Problem(wanted.key, "portal_refused", found=name, expected=words)
