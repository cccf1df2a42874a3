"""Who may be drawn for a service, who is left out, and who takes it when there is nobody (R3, R4)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from crm_robots.robots.routing.memory import Lack, LeftOut, Reason, Way
from crm_robots.robots.routing.rules import Service
from crm_robots.shared.items import Item
from crm_robots.shared.people import Directory


@dataclass(frozen=True, slots=True)
class Company:
    """The people of the portal as they are now."""

    directory: Directory
    away: frozenset[int] = frozenset()
    absences_known: bool = True
    admins: tuple[int, ...] = ()
    """Where a service goes that nobody else can take."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """A draw that is prepared. `client_deal` or `stand_in` decides it, else somebody eligible is drawn."""

    service: Service
    eligible: tuple[int, ...]
    left_out: tuple[LeftOut, ...]
    client_deal: Item | None = None
    stand_in: tuple[int, Way] | None = None
    lack: Lack = ""
    absences_known: bool = True

    @property
    def is_open(self) -> bool:
        """Whether it still has to be drawn."""
        return self.client_deal is None and self.stand_in is None


def ballot(service: Service, lead: Item, company: Company, client_deals: Iterable[Item]) -> Ballot:
    """`client_deals`: open deals of the lead's contacts and company."""
    directory, department = company.directory, service.department
    members = directory.members(department)
    eligible = tuple(user for user in members if user not in company.away)
    lack: Lack = "" if eligible else "all_absent" if members else "nobody"
    if department not in directory.departments:
        lack = "no_department"
    kept = _of_client(client_deals, members)
    stand_in = _stand_in(department, lead, company) if lack and kept is None else None
    left_out = tuple(_left_out(department, company))
    return Ballot(service, eligible, left_out, kept, stand_in, lack, company.absences_known)


def _of_client(deals: Iterable[Item], members: Collection[int]) -> Item | None:
    """The newest open deal that a manager of the department has with the client; being away costs nobody a client."""
    theirs = [deal for deal in deals if deal.responsible_id in members and not deal.is_closed]
    return max(theirs, key=lambda deal: int(deal.ref.id), default=None)


def _stand_in(department: int, lead: Item, company: Company) -> tuple[int, Way]:
    directory = company.directory
    head = directory.head(department)
    if head is not None:
        return head, "head"
    if lead.responsible_id and directory.is_active(lead.responsible_id):
        return lead.responsible_id, "responsible"
    admin = next((one for one in company.admins if directory.is_active(one)), None)
    return (admin, "admin") if admin else (lead.responsible_id or company.admins[0], "responsible")


def _left_out(department: int, company: Company) -> Iterable[LeftOut]:
    places = company.directory.within(department)
    for user in sorted(company.directory.users.values(), key=lambda one: one.id):
        if not places.isdisjoint(user.departments):
            why: Reason | None = (
                "dismissed" if not user.active
                else "not_employee" if not user.is_employee
                else "absent" if user.id in company.away
                else None
            )  # fmt: skip
            if why:
                yield LeftOut(user.id, why)
