"""An item as crm.lead.get and its siblings show it: upper-case names, and nearly everything a string."""

from typing import Any

from sandbox.portal.fields import DATES, Field
from sandbox.portal.multifields import KINDS
from sandbox.portal.store import Row
from sandbox.portal.types import CONTACT, DEAL, LEAD

_FILE = "/bitrix/components/bitrix/crm.lead.show/show_file.php"
# Links and observers have methods of their own, or none at all in the classic dialect.
_UNSEEN = frozenset({"fm", "contactIds", "companyIds", "observers"})


def scalar(field: Field, value: Any) -> Any:
    """One value: numbers are texts, amounts have two digits, unset dates are empty texts."""
    if field.type in DATES and not field.user_field:
        return value or ""
    if field.type == "file" and field.user_field:
        return {"id": str(value["id"]), "showUrl": _FILE, "downloadUrl": _FILE} if value else None
    if field.type == "boolean" and field.user_field:
        return {"Y": "1", "N": "0"}.get(value, value)
    if value is None or (value == 0 and field.type in ("crm_company", "crm_contact", "crm_lead")):
        return "" if field.user_field and field.type in DATES else None
    if field.type == "double" and not field.user_field:
        return f"{value:.2f}"
    return str(value)


def show(field: Field, value: Any) -> Any:
    """A value of a field; an unset multiple user field is `false`."""
    if not field.multiple:
        return scalar(field, value)
    if field.type == "enumeration" and value:
        return [int(one) for one in value]
    return [scalar(field, one) for one in value] if value else False


def multifields(row: Row, kind: str) -> list[dict[str, str]]:
    """`PHONE` and friends."""
    return [
        {"ID": str(one["id"]), "VALUE_TYPE": one["valueType"], "VALUE": one["value"], "TYPE_ID": kind}
        for one in row.get("fm") or ()
        if one["typeId"] == kind
    ]


class ClassicView:
    """Names and values of one type."""

    def __init__(self, fields: dict[str, Field], type_id: int) -> None:
        self.fields = fields
        self.type_id = type_id
        self.keys = {field.classic: name for name, field in fields.items() if name not in _UNSEEN}
        if type_id in (LEAD.id, DEAL.id):
            self.keys |= {"CONTACT_IDS": "contactIds"}
        if type_id == CONTACT.id:
            self.keys |= {"COMPANY_IDS": "companyIds"}

    def whole(self, row: Row, *, with_multifields: bool = True) -> dict[str, Any]:
        """Every field; phones and e-mails only where there are some."""
        shown = {
            classic: show(self.fields[name], row.get(name))
            for classic, name in self.keys.items()
            if name not in _UNSEEN
        }
        if with_multifields:
            shown |= {kind: found for kind in KINDS if (found := multifields(row, kind))}
        return shown

    def some(self, row: Row, select: list[str]) -> dict[str, Any]:
        """The selected fields; `*` is the standard ones, `UF_*` the user fields, `PHONE` and friends by name."""
        names = {"ID"}
        for one in select:
            names |= self._expand(one)
        shown = {
            name: show(self.fields[self.keys[name]], row.get(self.keys[name])) for name in self.keys if name in names
        }
        shown |= {kind: found for kind in KINDS if kind in select and (found := multifields(row, kind))}
        return shown

    def _expand(self, name: str) -> set[str]:
        if name == "*":
            return {c for c, n in self.keys.items() if not self.fields[n].user_field and n not in _UNSEEN}
        if name == "UF_*":
            return {c for c, n in self.keys.items() if self.fields[n].user_field}
        return {name} if name in self.keys else set()
