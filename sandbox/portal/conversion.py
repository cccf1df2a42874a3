"""A person converts a lead by hand, the one thing that REST cannot do.

https://apidocs.bitrix24.com/api-reference/crm/leads/ (section «Features»)
"""

from typing import Any

from sandbox.portal.items import Items
from sandbox.portal.manners import PERSON
from sandbox.portal.stages import Stages
from sandbox.portal.store import Row
from sandbox.portal.types import COMPANY, CONTACT, DEAL, LEAD

_PERSONAL = ("honorific", "name", "secondName", "lastName", "birthdate", "post")
_SHARED = ("assignedById", "sourceId", "sourceDescription", "opened", "comments")
_MONEY = ("title", "opportunity", "isManualOpportunity", "currencyId")


def convert(items: Items, stages: Stages, lead: Row, by: int, *, company: bool, deal: bool) -> dict[str, int]:
    """Makes contact, company and deal of a lead and closes it; a repeat lead keeps its client. Ids by kind."""
    made: dict[str, int] = {}
    client: Row = {"contactIds": lead["contactIds"], "companyId": lead["companyId"]}
    repeat = lead["isReturnCustomer"] == "Y"
    if company and not repeat:
        made["company"] = _add(items, COMPANY.id, lead, by, title=lead["companyTitle"] or lead["title"])
        client["companyId"] = made["company"]
    if not repeat and not client["contactIds"]:
        personal = {name: lead[name] for name in _PERSONAL}
        made["contact"] = _add(
            items, CONTACT.id, lead, by, companyId=client["companyId"], **personal, **_fm(items, lead)
        )
        client["contactIds"] = [made["contact"]]
    if deal:
        made["deal"] = _add(items, DEAL.id, lead, by, **client, **{name: lead[name] for name in _MONEY})
    won = next(stage["STATUS_ID"] for stage in stages.of(LEAD.id) if stage["SEMANTICS"] == "S")
    items.update(LEAD.id, lead["id"], {**client, "stageId": won}, by, PERSON)
    return made


def _add(items: Items, type_id: int, lead: Row, by: int, **values: Any) -> int:
    known = items.fields(type_id)
    shared = {name: lead[name] for name in _SHARED if name in known}
    row = items.add(type_id, {**shared, **values, "leadId": lead["id"]}, by, PERSON)
    item_id: int = row["id"]
    return item_id


def _fm(items: Items, lead: Row) -> Row:
    return {"fm": [{**one, "id": items.new_fm_id()} for one in lead["fm"]]}
