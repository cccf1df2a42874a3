"""Who works where: departments, their people and heads, as the portal tells it."""

from collections.abc import Iterable, Iterator

import msgspec


class User(msgspec.Struct, frozen=True, omit_defaults=True):
    """Someone with an account on the portal."""

    id: int
    name: str
    email: str = ""
    active: bool = True
    is_employee: bool = True
    departments: tuple[int, ...] = ()


class Department(msgspec.Struct, frozen=True, omit_defaults=True):
    """A department; the root has no parent, and a department may have no head."""

    id: int
    name: str
    parent: int | None = None
    head: int | None = None


class Directory(msgspec.Struct, frozen=True):
    """All people and departments of a portal, at one moment."""

    users: dict[int, User] = {}
    departments: dict[int, Department] = {}

    def name(self, user_id: int) -> str:
        """The full name; the number only for users whom the portal does not show (integrators, bots)."""
        user = self.users.get(user_id)
        return user.name if user else f"#{user_id}"

    def is_active(self, user_id: int | None) -> bool:
        """Whether they still work here. Unknown users do not: REST shows every employee."""
        user = self.users.get(user_id) if user_id else None
        return user is not None and user.active and user.is_employee

    def within(self, department_id: int) -> frozenset[int]:
        """The department and all below it; a cycle in the tree is walked once."""
        found: set[int] = set()
        waiting = [department_id]
        while waiting:
            current = waiting.pop()
            if current not in found and current in self.departments:
                found.add(current)
                waiting += [child.id for child in self.departments.values() if child.parent == current]
        return frozenset(found)

    def members(self, department_id: int) -> tuple[int, ...]:
        """Active employees of the department and of those below it, by id."""
        places = self.within(department_id)
        people = (user for user in self.users.values() if not places.isdisjoint(user.departments))
        return tuple(sorted(user.id for user in people if self.is_active(user.id)))

    def is_member(self, user_id: int | None, department_id: int) -> bool:
        """Whether this active employee belongs to the department or to one below it."""
        return user_id in self.members(department_id)

    def head(self, department_id: int) -> int | None:
        """The head of the department, else of the nearest one above that has an active head."""
        return next(self._heads(department_id), None)

    def supervisor(self, user_id: int) -> int | None:
        """The head of the person's department, or the next head upwards who works here and is another person. Of
        several departments the first with such a head counts, in the portal's order.
        """
        return next(self.superiors(user_id), None)

    def superiors(self, user_id: int) -> Iterator[int]:
        """All of them who work here, the nearest first."""
        user = self.users.get(user_id)
        heads = (head for place in (user.departments if user else ()) for head in self._heads(place))
        return (head for head in dict.fromkeys(heads) if head != user_id)

    def told_instead(self, user_id: int, admins: Iterable[int]) -> tuple[int, ...]:
        """S11: who is told what is meant for this person: somebody dismissed gives way to their head, else the head
        above, else the admins. People whom REST does not show are given the benefit of the doubt.
        """
        user = self.users.get(user_id)
        if user is None or user.active:
            return (user_id,)
        head = self.supervisor(user_id)
        return (head,) if head else tuple(one for one in admins if one not in self.users or self.users[one].active)

    def _heads(self, department_id: int) -> Iterator[int]:
        """Active heads on the way up; a cycle ends the way."""
        seen: set[int] = set()
        place = self.departments.get(department_id)
        while place and place.id not in seen:
            seen.add(place.id)
            if place.head and self.is_active(place.head):
                yield place.head
            place = self.departments.get(place.parent) if place.parent else None


class SkipsAbsent(msgspec.Struct, frozen=True):
    """What hand-overs go by of the section `routing` (S11)."""

    skip_absent: bool = True
