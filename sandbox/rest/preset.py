"""crm.requisite.preset.*: which columns a requisite of a company, an entrepreneur or a person has."""

from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.portal.pages import Page
from sandbox.portal.requisites import PRESET_FIELDS
from sandbox.rest.call import Call, method
from sandbox.rest.classic import classic_id
from sandbox.rest.requisite import found
from sandbox.rest.rows import columns, only, page_of, stringed

_COLUMNS = columns("ID:integer ENTITY_TYPE_ID:integer COUNTRY_ID:integer NAME XML_ID ACTIVE SORT:integer")


@method("crm.requisite.preset.list")
def presets(call: Call) -> Page:
    """Presets; their ids differ from portal to portal."""
    page = page_of(call, call.portal.tables.presets, _COLUMNS, call.mapping("filter"))
    return Page([only(stringed(row), call.get("select")) for row in page.result], page.total, page.next)


@method("crm.requisite.preset.get")
def get(call: Call) -> Any:
    """One preset."""
    return stringed(found(call.portal.tables.presets.get(classic_id(call))))


@method("crm.requisite.preset.field.list")
def preset_fields(call: Call) -> Any:
    """Columns of a preset; ids are numbers here."""
    preset = call.mapping("preset")
    row = call.portal.tables.presets.get(int(str(preset.get("ID") or 0)))
    if row is None:
        raise Refusal("", "Preset is not found")
    names = PRESET_FIELDS.get(row["XML_ID"], [])
    return [
        {"ID": place, "FIELD_NAME": name, "FIELD_TITLE": "", "IN_SHORT_LIST": "N", "SORT": 500 + 10 * place}
        for place, name in enumerate(names, 1)
    ]
