"""Every table of the portal with its indexes."""

from collections.abc import Hashable, Iterable
from typing import Any

from sandbox.portal.store import Key, Row, Table
from sandbox.portal.types import TYPES


def number(name: str) -> Key:
    """Index by an id; 0 and None are no ids."""
    return lambda row: (row[name],) if row.get(name) else ()


def numbers(name: str) -> Key:
    """Index by each of several ids."""
    return lambda row: row.get(name) or ()


def text(name: str) -> Key:
    """Index by a text, without case."""
    return lambda row: (str(row[name]).casefold(),) if row.get(name) else ()


def day(name: str) -> Key:
    """Index by the calendar day of a moment, so that «since yesterday» need not look at every row."""
    return lambda row: (row[name][:10],) if row.get(name) else ()


def texts(name: str) -> Key:
    """Index by each of several texts, without case."""
    return lambda row: [str(one).casefold() for one in row.get(name) or ()]


def communications(row: Row) -> Iterable[Hashable]:
    """Phones and e-mails as duplicates are looked up: whole, without case and without an extension."""
    return [communication(one["typeId"], one["value"]) for one in row.get("fm") or ()]


def communication(kind: str, value: Any) -> tuple[str, str]:
    """The key under which a phone or an e-mail is found."""
    return kind, str(value).split(";")[0].split(",")[0].strip().casefold()


def owner(row: Row) -> Iterable[Hashable]:
    """Index by the item that a record belongs to."""
    return ((row["ownerTypeId"], row["ownerId"]),)


def owners(row: Row) -> Iterable[Hashable]:
    """Index by every item that a record is bound to."""
    return [(type_id, item_id) for type_id, item_id in row["bindings"]]


def task_of(row: Row) -> Iterable[Hashable]:
    """Index of activities by the task that they stand for."""
    return (row["ASSOCIATED_ENTITY_ID"],) if row["PROVIDER_ID"] == "TASKS" else ()


ITEM_INDEXES: dict[str, Key] = {
    "assignedById": number("assignedById"),
    "stageId": text("stageId"),
    "leadId": number("leadId"),
    "companyId": number("companyId"),
    "contactId": number("contactId"),
    "contactIds": numbers("contactIds"),
    "companyIds": numbers("companyIds"),
    "originId": text("originId"),
    "updatedTime:day": day("updatedTime"),
    "fm": communications,
}


class Tables:
    """The portal's whole memory."""

    def __init__(self) -> None:
        self.items = {item_type.id: Table(item_type.name, ITEM_INDEXES) for item_type in TYPES}
        self.statuses = Table("status")
        self.categories = Table("category")
        self.user_fields = Table("user_field", {"entityId": text("entityId")})
        self.users = Table("user")
        self.departments = Table("department")
        self.stage_history = Table("stage_history", {"owner": owner})
        self.comments = Table("comment", {"bindings": owners})
        self.log_messages = Table("log_message", {"owner": owner})
        self.activities = Table(
            "activity",
            {
                "bindings": owners,
                "owner": owner,
                "task": task_of,
                "START_TIME:day": day("START_TIME"),
                "CREATED:day": day("CREATED"),
                "LAST_UPDATED:day": day("LAST_UPDATED"),
            },
        )
        self.calls = Table("call", {"activityId": number("CRM_ACTIVITY_ID")})
        self.tasks = Table("task", {"UF_CRM_TASK": texts("UF_CRM_TASK"), "RESPONSIBLE_ID": number("RESPONSIBLE_ID")})
        self.requisites = Table(
            "requisite",
            {"RQ_INN": text("RQ_INN"), "ENTITY_ID": number("ENTITY_ID"), "XML_ID": text("XML_ID")},
        )
        self.bank_details = Table("bank_detail", {"ENTITY_ID": number("ENTITY_ID")})
        self.addresses = Table("address", {"ENTITY_ID": number("ENTITY_ID")})
        self.presets = Table("preset")
        self.requisite_links = Table("requisite_link", {"ENTITY_ID": number("ENTITY_ID")})
        self.notifications = Table("notification", {"userId": number("userId")})
        self.messages = Table("message")
        self.posts = Table("post")
        self.absences = Table("absence", {"userId": number("userId")})
        self.products = Table("product", {"owner": owner})
        self.card_layouts = Table("card_layout")
        self.incoming = Table("incoming_webhook", {"code": text("code")})
        self.outgoing = Table("outgoing_webhook")
        self.automation_rules = Table("automation_rule")
        self.triggers = Table("trigger")
        self.enums = Table("enum")
        self.requirements = Table("requirement")
        self.options = Table("option")

    def every(self) -> list[Table]:
        """All of them, for storage."""
        named = [table for table in vars(self).values() if isinstance(table, Table)]
        return [*self.items.values(), *named]

    def order(self, *, change: bool = False) -> int:
        """Where in a card's timeline something stands that is written now: moments know seconds only.

        Counts what was ever added, so that it survives a restart; a change stands between two additions.
        """
        told = (self.stage_history, self.comments, self.log_messages, self.activities)
        return 2 * sum(table.last_id for table in told) - change
