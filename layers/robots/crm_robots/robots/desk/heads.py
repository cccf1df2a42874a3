"""Who heads whom (D12, D13)."""

from collections.abc import Iterable

from crm_robots.shared.people import Directory


def people_of(head: int, directory: Directory) -> frozenset[int]:
    """Everybody in the departments that somebody heads, and below; empty for who heads nobody else."""
    if not directory.is_active(head):
        return frozenset()
    led = (place.id for place in directory.departments.values() if place.head == head)
    found = frozenset(user for place in led for user in people_in(place, directory))
    return found if found - {head} else frozenset()


def people_in(department: int, directory: Directory) -> frozenset[int]:
    """Everybody of a department and of those below it, the dismissed as well: their clients are there still."""
    places = directory.within(department)
    return frozenset(user.id for user in directory.users.values() if not places.isdisjoint(user.departments))


def heads(directory: Directory) -> tuple[int, ...]:
    """All who head somebody."""
    found = {place.head for place in directory.departments.values() if place.head}
    return tuple(sorted(head for head in found if people_of(head, directory)))


def addressees(to: Iterable[int], directory: Directory) -> tuple[int, ...]:
    """Whom the weekly letter is for; empty `to`: every head."""
    wanted = tuple(dict.fromkeys(to))
    return tuple(one for one in wanted if people_of(one, directory)) if wanted else heads(directory)
