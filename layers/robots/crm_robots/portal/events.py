"""What an outgoing webhook of Bitrix24 says, in both of its forms.

Event: https://apidocs.bitrix24.com/api-reference/events/ · The automation rule's form is not in the documentation.
"""

import re
from dataclasses import dataclass

from crm_robots.portal.forms import Form, text_at

_ITEM_EVENT = re.compile(r"ONCRM(LEAD|DEAL|CONTACT|COMPANY|ACTIVITY)(ADD|UPDATE|DELETE)")
_PAPERS_EVENT = re.compile(r"ONCRM(REQUISITE|BANKDETAIL)(ADD|UPDATE|DELETE)")
_ADDRESS_EVENT = re.compile(r"ONCRMADDRESS(REGISTER|UNREGISTER)")
_ADDRESSED = {"4": "company", "8": "requisite"}
"""What may have an address that a robot reads, by Bitrix24's number of the type."""
_CALL_END = "ONVOXIMPLANTCALLEND"
_ID = re.compile(r"[1-9][0-9]{0,17}")
_DOCUMENT = re.compile(rf"(LEAD|DEAL|CONTACT|COMPANY)_({_ID.pattern})")
# DYNAMIC_128_5 say: of CRM, and of no kind that a robot works on.
_OTHER_DOCUMENT = re.compile(
    rf"(?:DYNAMIC_[0-9]+|(?!(?:LEAD|DEAL|CONTACT|COMPANY|DYNAMIC)_)[A-Z]+(?:_[A-Z]+)*)_{_ID.pattern}"
)
_TIME = re.compile(r"[1-9][0-9]{0,9}")


class Malformed(ValueError):  # noqa: N818 - it says what the webhook is
    """The webhook lacks something that Bitrix24 always sends; the text says what."""


@dataclass(frozen=True)
class Webhook:
    """One call by Bitrix24."""

    event: str
    """Upper case; empty for an automation rule's."""
    item: str
    """`lead:17`, `activity:9`; empty where the event is about nothing that a robot reads."""
    ts: int | None
    """Unix seconds on the portal's clock; automation rules may lack it."""

    @property
    def is_rule(self) -> bool:
        """Whether an automation rule sent it."""
        return not self.event


def read_webhook(form: Form) -> Webhook:
    """Reads either form; `Malformed` says what is missing."""
    event = text_at(form, "event").upper()
    item = _item_of_event(event, form) if event else _item_of_document(form)
    ts = text_at(form, "ts")
    if (ts or event) and not _TIME.fullmatch(ts):
        raise Malformed("ts: the time of the event in unix seconds is expected")
    return Webhook(
        event=event,
        item=item,
        ts=int(ts) if ts else None,
    )


def _item_of_event(event: str, form: Form) -> str:
    if event == _CALL_END:  # a call with a stranger has no activity
        activity = text_at(form, "data", "CRM_ACTIVITY_ID") or text_at(form, "data", "FIELDS", "CRM_ACTIVITY_ID")
        return f"activity:{activity}" if _ID.fullmatch(activity) else ""
    if _ADDRESS_EVENT.fullmatch(event):
        return _item_of_address(form)
    known = _ITEM_EVENT.fullmatch(event) or _PAPERS_EVENT.fullmatch(event)
    if not known:
        return ""
    number = text_at(form, "data", "FIELDS", "ID")
    if not _ID.fullmatch(number):
        raise Malformed("data[FIELDS][ID]: the id of an item is expected")
    return f"{known[1].lower()}:{number}"


def _item_of_address(form: Form) -> str:
    """The company's, or its requisite's; anybody else's address is nothing that a robot reads."""
    for kind, number in (("ANCHOR_TYPE_ID", "ANCHOR_ID"), ("ENTITY_TYPE_ID", "ENTITY_ID")):
        owner, owner_id = text_at(form, "data", "FIELDS", kind), text_at(form, "data", "FIELDS", number)
        if owner in _ADDRESSED and _ID.fullmatch(owner_id):
            return f"{_ADDRESSED[owner]}:{owner_id}"
    return ""


def _item_of_document(form: Form) -> str:
    if "document_id" not in form:
        raise Malformed("neither event nor document_id is there")
    document = text_at(form, "document_id", "2")
    if known := _DOCUMENT.fullmatch(document):
        return f"{known[1].lower()}:{known[2]}"
    is_of_crm = text_at(form, "document_id", "0") in ("", "crm")
    if not document or (is_of_crm and not _OTHER_DOCUMENT.fullmatch(document)):
        raise Malformed("document_id: its third element is expected to be kind and id, LEAD_17 say")
    return ""
