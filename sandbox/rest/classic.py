"""crm.lead.*, crm.deal.*, crm.contact.*, crm.company.*: the dialect that is no longer developed, and still works.

https://apidocs.bitrix24.com/api-reference/crm/leads/
"""

from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.portal.fields import Field
from sandbox.portal.manners import CLASSIC
from sandbox.portal.multifields import KINDS, merge_classic
from sandbox.portal.pages import Page, Query, run
from sandbox.portal.store import Row
from sandbox.portal.types import TYPES, ItemType
from sandbox.portal.values import BadValue, clean, clean_boolean
from sandbox.rest.call import Call, method
from sandbox.rest.classic_query import classic_order, compile_classic, texts
from sandbox.rest.classic_view import ClassicView

# In the classic dialect the origin of a deal is not writable, nor are links to several contacts of a contact.
_UNWRITABLE = frozenset({"leadId", "observers"})


def classic_id(call: Call) -> int:
    """The required `id`."""
    try:
        item_id = int(str(call.get("id", 0)))
    except ValueError:
        item_id = 0
    if item_id <= 0:
        raise Refusal("", "ID is not defined or invalid.")
    return item_id


def classic_fields(call: Call) -> dict[str, Any]:
    """The required `fields`."""
    given = call.get("fields")
    if given == []:
        return {}
    if not isinstance(given, dict):
        raise Refusal("", "Parameter 'fields' must be array.")
    return given


def classic_row(call: Call, kind: ItemType) -> Row:
    """The item, if there is one and the owner may read it."""
    row = call.portal.items.get(kind.id, classic_id(call))
    if row is None:
        raise Refusal("", "Not found")
    if not call.portal.people.may_see(call.user_id, row):
        raise Refusal("", "Access denied.")
    return row


def values_from(call: Call, kind: ItemType, given: dict[str, Any], fm: list[Row]) -> Row:
    """Canonical values; unknown and read-only keys are ignored, bad values too, bad e-mails are refused."""
    fields = call.portal.items.fields(kind.id)
    keys = {field.classic: name for name, field in fields.items()}
    values: Row = {}
    for classic, value in given.items():
        name = keys.get(str(classic))
        if classic in KINDS and "fm" in fields:
            _check_emails(classic, value)
            fm = values["fm"] = merge_classic(fm, classic, value, call.portal.items.new_fm_id)
        elif name and not fields[name].read_only and name not in _UNWRITABLE | {"fm"}:
            _take(call, fields[name], value, values)
    return values


def _take(call: Call, field: Field, value: Any, values: Row) -> None:
    try:
        values[field.name] = clean(field, value, call.portal.clock.zone)
    except (BadValue, ValueError):
        return


def _check_emails(kind: str, given: Any) -> None:
    elements = given if isinstance(given, list) else []
    for element in elements if kind == "EMAIL" else ():
        address = str(element.get("VALUE") or "") if isinstance(element, dict) else ""
        if address and "@" not in address:
            raise Refusal("ERROR_CORE", "Invalid e-mail address.<br>")


def _add(call: Call, kind: ItemType) -> int:
    given = classic_fields(call)
    values = values_from(call, kind, given, [])
    stages = call.portal.stages
    if kind.staged and values.get("stageId"):
        dictionary = stages.dictionary_of(kind.id, values.get("categoryId") or 0)
        if not stages.has(dictionary, values["stageId"]):
            del values["stageId"]
    if kind.name == "company" and not values.get("title"):
        raise Refusal("ERROR_CORE", 'Required field "Название компании" is empty.<br>')
    item_id: int = call.portal.items.add(kind.id, values, call.user_id, CLASSIC)["id"]
    _tell_feed(call, kind, item_id, default="Y" if kind.name == "deal" else "N")
    return item_id


def _update(call: Call, kind: ItemType) -> bool:
    row = classic_row(call, kind)
    values = values_from(call, kind, classic_fields(call), row.get("fm") or [])
    if kind.name == "lead" and not call.portal.stages.has("STATUS", values.get("stageId") or row["stageId"]):
        values.pop("stageId", None)
    call.portal.items.update(kind.id, row["id"], values, call.user_id, CLASSIC)
    return True


def _tell_feed(call: Call, kind: ItemType, item_id: int, default: str) -> None:
    """`REGISTER_SONET_EVENT` writes to the feed of the responsible."""
    wanted = call.mapping("params").get("REGISTER_SONET_EVENT", default)
    if clean_boolean(wanted) == "Y":
        row = call.portal.items.get(kind.id, item_id) or {}
        title = f"{kind.title}: {row.get('title') or item_id}"
        call.portal.news.post(title, title, [f"U{row.get('assignedById')}"], call.user_id, item=[kind.id, item_id])


def _list(call: Call, kind: ItemType) -> Page:
    view = ClassicView(call.portal.items.fields(kind.id), kind.id)
    conditions, tests = compile_classic(view, call.mapping("filter"), call.portal.clock.zone)
    people, user_id = call.portal.people, call.user_id
    if not people.is_admin(user_id):
        tests.append(lambda row: people.may_see(user_id, row))
    order = classic_order(view, call.mapping("order"))
    page = run(call.portal.items.table(kind.id), Query(conditions, tests, order, call.start))
    select = texts(call.get("select")) or ["*", "UF_*"]
    return Page([view.some(row, select) for row in page.result], page.total, page.next)


def _register(kind: ItemType) -> None:
    @method(f"crm.{kind.name}.get")
    def get(call: Call) -> Any:
        row = classic_row(call, kind)
        return ClassicView(call.portal.items.fields(kind.id), kind.id).whole(row)

    @method(f"crm.{kind.name}.list")
    def rows(call: Call) -> Page:
        return _list(call, kind)

    @method(f"crm.{kind.name}.add")
    def add(call: Call) -> int:
        return _add(call, kind)

    @method(f"crm.{kind.name}.update")
    def update(call: Call) -> bool:
        return _update(call, kind)

    @method(f"crm.{kind.name}.delete")
    def delete(call: Call) -> bool:
        call.portal.items.remove(kind.id, classic_row(call, kind)["id"])
        return True


for _kind in TYPES:
    _register(_kind)
