"""Every action as the portal's commands: how it is done, and how a retry finds out that it was done.

`WRITES` is the table of both, one row per action.
"""

from crm_robots.portal.writes import activities, items, messages, requisites, tasks, timeline
from crm_robots.portal.writes.write import Found, Write
from crm_robots.shared import actions
from crm_robots.shared.actions import Action

WRITES: dict[type[Action], Write] = {
    actions.UpdateItem: items.UPDATE,
    actions.AddItem: items.ADD,
    actions.LinkContact: items.LINK_CONTACT,
    actions.SetProducts: items.SET_PRODUCTS,
    actions.AddRequisite: requisites.ADD,
    actions.UpdateRequisite: requisites.UPDATE,
    actions.AddAddress: requisites.ADD_ADDRESS,
    actions.AddBankDetail: requisites.ADD_BANK_DETAIL,
    actions.UpdateBankDetail: requisites.UPDATE_BANK_DETAIL,
    actions.LinkRequisite: requisites.LINK,
    actions.AddComment: timeline.COMMENT,
    actions.AddTodo: activities.ADD_TODO,
    actions.CompleteActivity: activities.COMPLETE,
    actions.ReassignActivity: activities.REASSIGN,
    actions.AddTask: tasks.ADD,
    actions.UpdateTask: tasks.UPDATE,
    actions.CompleteTask: tasks.COMPLETE,
    actions.Notify: messages.NOTIFY,
    actions.PostToFeed: messages.POST,
}


def write_of(action: Action) -> Write:
    """How that action is spelled on the portal."""
    return WRITES[type(action)]


__all__ = ["WRITES", "Found", "Write", "write_of"]
