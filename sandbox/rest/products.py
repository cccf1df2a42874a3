"""Product rows of leads and deals, in both dialects.

https://apidocs.bitrix24.com/api-reference/crm/universal/product-rows/
"""

from typing import Any

from sandbox.portal.errors import Refusal, not_found
from sandbox.portal.filters import PAGE
from sandbox.portal.manners import CLASSIC
from sandbox.portal.pages import Page
from sandbox.portal.store import Row
from sandbox.portal.types import BY_LETTER, DEAL, LEAD, ItemType
from sandbox.portal.values import as_list, clean_double
from sandbox.rest.call import Call, method
from sandbox.rest.classic import classic_row


def _of(call: Call, type_id: int, item_id: int) -> list[Row]:
    return call.portal.tables.products.by("owner", (type_id, item_id))


def _replace(call: Call, type_id: int, item_id: int, rows: list[Row]) -> None:
    """Replaces all rows; the sum of the item follows them."""
    for old in _of(call, type_id, item_id):
        call.portal.tables.products.remove(old["id"])
    for row in rows:
        call.portal.tables.products.add({**row, "ownerTypeId": type_id, "ownerId": item_id})
    item = call.portal.items.get(type_id, item_id) or {}
    if item.get("isManualOpportunity") != "Y":
        total = sum(row["price"] * row["quantity"] for row in rows)
        call.portal.items.update(type_id, item_id, {"opportunity": float(total)}, call.user_id, CLASSIC)


def _row(given: dict[str, Any]) -> Row:
    values = {str(key).replace("_", "").lower(): value for key, value in given.items()}
    return {
        "productId": int(values.get("productid") or 0),
        "productName": str(values.get("productname") or ""),
        "price": clean_double(values.get("price") or 0),
        "quantity": clean_double(values.get("quantity") or 1),
        "discountTypeId": int(values.get("discounttypeid") or 2),
        "discountRate": clean_double(values.get("discountrate") or 0),
        "discountSum": clean_double(values.get("discountsum") or 0),
        "taxRate": clean_double(values.get("taxrate") or 0),
        "taxIncluded": str(values.get("taxincluded") or "N"),
        "measureCode": int(values.get("measurecode") or 796),
        "measureName": str(values.get("measurename") or "шт"),
        "sort": int(values.get("sort") or 10),
    }


def _show(row: Row) -> dict[str, Any]:
    letter = next(one for one, kind in BY_LETTER.items() if kind.id == row["ownerTypeId"])
    shown = {name: value for name, value in row.items() if name != "ownerTypeId"}
    return {**shown, "ownerType": letter}


def _show_classic(row: Row) -> dict[str, Any]:
    names = (
        "PRODUCT_ID PRODUCT_NAME PRICE QUANTITY DISCOUNT_TYPE_ID DISCOUNT_RATE DISCOUNT_SUM TAX_RATE TAX_INCLUDED "
        "MEASURE_CODE MEASURE_NAME SORT"
    )
    flat = {name.lower(): value for name, value in row.items()}
    shown = {name: flat[name.replace("_", "").lower()] for name in names.split()}
    letter = next(one for one, kind in BY_LETTER.items() if kind.id == row["ownerTypeId"])
    return {"ID": str(row["id"]), "OWNER_ID": str(row["ownerId"]), "OWNER_TYPE": letter, **shown}


@method("crm.item.productrow.list")
def productrows(call: Call) -> Any:
    """Rows of one item; the filter names it by `=ownerType` (a letter) and `=ownerId`."""
    given = {key.lstrip("="): value for key, value in call.mapping("filter").items()}
    kind = BY_LETTER.get(str(given.get("ownerType")))
    if kind is None or not str(given.get("ownerId") or "").isdigit():
        raise Refusal("INVALID_ARG_VALUE", "Filter by ownerType and ownerId is required")
    rows = _of(call, kind.id, int(given["ownerId"]))
    start = max(call.start, 0)
    shown = {"productRows": [_show(row) for row in rows[start : start + PAGE]]}
    return Page(shown, len(rows), start + PAGE if len(rows) > start + PAGE else None)


@method("crm.item.productrow.set")
def set_productrows(call: Call) -> Any:
    """Replaces the rows of an item."""
    kind, item_id = BY_LETTER.get(str(call.get("ownerType"))), call.number("ownerId")
    if kind is None or call.portal.items.get(kind.id, item_id) is None:
        raise not_found("Owner not found")
    _replace(call, kind.id, item_id, [_row(one) for one in as_list(call.get("productRows"))])
    return {"productRows": [_show(row) for row in _of(call, kind.id, item_id)]}


def _register(kind: ItemType) -> None:
    @method(f"crm.{kind.name}.productrows.get")
    def get(call: Call) -> Any:
        return [_show_classic(row) for row in _of(call, kind.id, classic_row(call, kind)["id"])]

    @method(f"crm.{kind.name}.productrows.set")
    def replace(call: Call) -> bool:
        row = classic_row(call, kind)
        _replace(call, kind.id, row["id"], [_row(one) for one in as_list(call.get("rows"))])
        return True


for _kind in (LEAD, DEAL):
    _register(_kind)
