"""D4: who may get a lost client."""

from crm_robots.robots.client_status.rules import Transfer
from crm_robots.shared.people import Directory


def heirs(transfer: Transfer, directory: Directory, responsible: int | None) -> tuple[int, ...]:
    """The people one of whom gets it, without who had it: of a department one is drawn by turns, of heads the nearest
    is taken. Empty: it stays.
    """
    if transfer.to == "supervisor":
        found: tuple[int, ...] = tuple(directory.superiors(responsible)) if responsible else ()
    elif transfer.to == "department" and transfer.id is not None:
        found = directory.members(transfer.id)
    elif transfer.to == "user" and transfer.id is not None and directory.is_active(transfer.id):
        found = (transfer.id,)
    else:
        found = ()
    return tuple(person for person in found if person != responsible)
