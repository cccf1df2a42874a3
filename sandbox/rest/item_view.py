"""An item as crm.item.* shows it: universal names, numbers as numbers, `0` or null where nothing is set."""

from typing import Any

from sandbox.portal import clients
from sandbox.portal.core import Portal
from sandbox.portal.fields import Field, camel_user_field
from sandbox.portal.multifields import first
from sandbox.portal.store import Row
from sandbox.portal.types import COMPANY

# Flat aliases of the first phone or e-mail; conveniences, which cannot be written.
ALIASES = {
    "phone": ("PHONE", ""),
    "phoneWork": ("PHONE", "WORK"),
    "phoneMobile": ("PHONE", "MOBILE"),
    "phoneMailing": ("PHONE", "MAILING"),
    "email": ("EMAIL", ""),
    "emailHome": ("EMAIL", "HOME"),
    "emailWork": ("EMAIL", "WORK"),
    "emailMailing": ("EMAIL", "MAILING"),
    "imol": ("IM", "OPENLINE"),
}


class ItemView:
    """Names and values of one type, for one request. `original`: user fields keep their `UF_CRM_…` names."""

    def __init__(self, portal: Portal, type_id: int, *, original: bool, secret_path: str = "") -> None:
        self.fields: dict[str, Field] = portal.items.fields(type_id)
        self._portal = portal
        self._type_id = type_id
        self._secret_path = secret_path
        self._shown = {name: self._name(field, original=original) for name, field in self.fields.items()}
        self._keys = {shown: name for name, shown in self._shown.items()}

    def _name(self, field: Field, *, original: bool) -> str:
        if not field.user_field or original:
            return field.name
        camel = camel_user_field(field.name)
        taken = sum(camel_user_field(n) == camel for n, f in self.fields.items() if f.user_field)
        return field.name if taken > 1 else camel

    def shown(self, name: str) -> str:
        """How a field is called in this request."""
        return self._shown[name]

    def key(self, shown: str) -> str | None:
        """The row's key for a name of this request; None for names that mean nothing here.

        Both spellings of user fields are read, as Bitrix24 does, and `ID`, by which clients page through any list.
        """
        if shown == "ID":
            return "id"
        if shown in self._keys:
            return self._keys[shown]
        if shown in self.fields:
            return shown
        return next((n for n, f in self.fields.items() if f.user_field and camel_user_field(n) == shown), None)

    def whole(self, row: Row) -> dict[str, Any]:
        """Every field, phones and e-mails included."""
        item = {shown: self._value(row, name) for name, shown in self._shown.items()}
        if "fm" in self.fields:
            item["fm"] = row["fm"]
            for alias, (kind, value_type) in ALIASES.items():
                item[alias] = first(row["fm"], kind, value_type)
        if self._type_id == COMPANY.id:
            item["contactIds"] = clients.contacts_of_company(self._portal.tables, row["id"])
        item["entityTypeId"] = self._type_id
        return item

    def _value(self, row: Row, name: str) -> Any:
        field = self.fields[name]
        value = row.get(name, field.default)
        if field.type != "file" or not field.user_field:
            return value
        return [self._file(row, name, one) for one in value or []] if field.multiple else self._file(row, name, value)

    def _file(self, row: Row, name: str, value: Row | None) -> Row | None:
        """Two addresses, one of which holds the webhook's own secret."""
        if not value:
            return None
        which = f"entityTypeId={self._type_id}&id={row['id']}&fieldName={name}&fileId={value['id']}"
        base = self._portal.address
        machine = f"{base}/rest/{self._secret_path}/crm.controller.item.getFile/?{which}"
        return {"id": value["id"], "url": f"{base}/bitrix/services/main/ajax.php?{which}", "urlMachine": machine}

    def some(self, row: Row, names: list[str]) -> dict[str, Any]:
        """The fields asked for, by their keys."""
        item = {self._shown[name]: self._value(row, name) for name in names}
        if self._type_id == COMPANY.id and "contactIds" in item:
            item["contactIds"] = clients.contacts_of_company(self._portal.tables, row["id"])
        return item
