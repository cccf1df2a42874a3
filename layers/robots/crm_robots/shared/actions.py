"""Everything a decision may ask the portal for.

An action that makes something has a `key`, unique within its decision; later actions and the memory refer to what it
will make by `action.made`, a reference that the portal resolves within one batch and the executor across batches.
What people read is `Markup`; everything else that they typed travels as it is.
"""

from datetime import datetime
from typing import Any

import msgspec

from crm_robots.shared.items import ItemRef
from crm_robots.shared.markup import Markup
from crm_robots.shared.reference import Reference


class _Action(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    rule: str = ""
    """The rule behind it, for the journal: `gate`, `confirm`, `S3` …"""
    optional: bool = False
    """If the portal refuses it, the rest of its step is done all the same."""


class UpdateItem(_Action, frozen=True, tag="update_item"):
    """Changes fields of an item; `None` or an empty list clears one.

    `old` are the values the decision saw. A retry leaves a field alone that holds neither the old nor the new value by
    then.
    """

    item: ItemRef
    fields: dict[str, Any]
    old: dict[str, Any] = {}
    kinds: dict[str, str] = {}
    """Kinds of the phones and e-mails among them, by value; those that are not named are `WORK`."""


class AddItem(_Action, frozen=True, tag="add_item"):
    """Makes a contact, company or deal, marked as ours by `mark` (`lead:17:deal`), which is unique on the portal."""

    key: str
    kind: str
    fields: dict[str, Any]
    mark: str
    kinds: dict[str, str] = {}
    """As in `UpdateItem`."""
    one_per_lead: int | None = None
    """The lead that it is made of: after a crash, one that a person made of that lead meanwhile counts as made."""

    @property
    def made(self) -> Reference:
        """Refers to the id of the new item."""
        return Reference(self.key, ("item", "id"))

    @property
    def ref(self) -> ItemRef:
        """Refers to the new item."""
        return ItemRef(self.kind, self.made)


class LinkContact(_Action, frozen=True, tag="link_contact"):
    """Links a contact to a lead, deal or company by the link methods, which do not turn a lead into a repeat one."""

    item: ItemRef
    contact_id: int | Reference
    primary: bool = False


class AddRequisite(_Action, frozen=True, tag="add_requisite"):
    """Gives a company or contact a requisite; `fields` are `RQ_…`, `mark` becomes its XML_ID."""

    key: str
    owner: ItemRef
    preset_id: int
    name: str
    fields: dict[str, Any]
    mark: str

    @property
    def made(self) -> Reference:
        """Refers to the id of the new requisite."""
        return Reference(self.key)


class UpdateRequisite(_Action, frozen=True, tag="update_requisite"):
    """Fills fields of a requisite."""

    requisite_id: int
    fields: dict[str, Any]


class AddAddress(_Action, frozen=True, tag="add_address"):
    """Gives a requisite its legal address, as one line."""

    requisite_id: int | Reference
    text: str


class AddBankDetail(_Action, frozen=True, tag="add_bank_detail"):
    """Gives a requisite its bank details; `mark` becomes their XML_ID."""

    key: str
    requisite_id: int | Reference
    name: str
    fields: dict[str, Any]
    mark: str

    @property
    def made(self) -> Reference:
        """Refers to the id of the new bank details."""
        return Reference(self.key)


class UpdateBankDetail(_Action, frozen=True, tag="update_bank_detail"):
    """Fills fields of bank details."""

    bank_detail_id: int
    fields: dict[str, Any]


class LinkRequisite(_Action, frozen=True, tag="link_requisite"):
    """Says which requisite and bank details of its client a deal uses."""

    deal_id: int | Reference
    requisite_id: int | Reference
    bank_detail_id: int | Reference = 0


class SetProducts(_Action, frozen=True, tag="set_products"):
    """Puts product rows (universal spelling, without ids) on an item that has none."""

    item: ItemRef
    rows: list[dict[str, Any]]


class AddComment(_Action, frozen=True, tag="add_comment"):
    """Writes into the timeline of an item. BB code."""

    item: ItemRef
    text: Markup


class AddTodo(_Action, frozen=True, tag="add_todo"):
    """Gives a person something to do about an item."""

    key: str
    item: ItemRef
    title: Markup
    description: Markup
    responsible_id: int
    deadline: datetime

    @property
    def made(self) -> Reference:
        """Refers to the id of the new to-do."""
        return Reference(self.key, ("id",))


class CompleteActivity(_Action, frozen=True, tag="complete_activity"):
    """Closes a to-do that a robot made."""

    activity_id: int


class ReassignActivity(_Action, frozen=True, tag="reassign_activity"):
    """Hands an open activity over to another person."""

    activity_id: int
    responsible_id: int
    old_responsible_id: int | None = None


class AddTask(_Action, frozen=True, tag="add_task"):
    """Makes a task linked to items."""

    key: str
    title: Markup
    description: Markup
    responsible_id: int
    deadline: datetime
    bindings: tuple[ItemRef | str, ...]
    """A text is how the portal spells one, `D_5`."""
    auditors: tuple[int, ...] = ()

    @property
    def made(self) -> Reference:
        """Refers to the id of the new task."""
        return Reference(self.key, ("task", "id"))


class UpdateTask(_Action, frozen=True, tag="update_task"):
    """Links further items to a task, and changes its text."""

    task_id: int
    fields: dict[str, Any] = {}
    bindings: tuple[ItemRef | str, ...] = ()
    """All of them: other people's too, as the portal spells them."""
    description: Markup | None = None


class CompleteTask(_Action, frozen=True, tag="complete_task"):
    """Closes a task that a robot made."""

    task_id: int


class Notify(_Action, frozen=True, tag="notify"):
    """Sends a person a notification. BB code."""

    user_id: int
    text: Markup


class PostToFeed(_Action, frozen=True, tag="post_to_feed"):
    """Writes a live-feed post that only these people see."""

    user_ids: tuple[int, ...]
    title: Markup
    text: Markup


Action = (
    UpdateItem
    | AddItem
    | LinkContact
    | AddRequisite
    | UpdateRequisite
    | AddAddress
    | AddBankDetail
    | UpdateBankDetail
    | LinkRequisite
    | SetProducts
    | AddComment
    | AddTodo
    | CompleteActivity
    | ReassignActivity
    | AddTask
    | UpdateTask
    | CompleteTask
    | Notify
    | PostToFeed
)
