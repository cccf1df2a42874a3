"""D5, S11: who hears of a client. One line per client and person, whatever the roles."""

from collections.abc import Sequence

from crm_robots.robots.daily.news import News
from crm_robots.shared.people import Directory


def addressees(news: News, directory: Directory, admins: Sequence[int]) -> dict[int, int]:
    """Who is told, and in whose place: their own, or that of somebody who no longer works here."""
    found: dict[int, int] = {}
    gone: list[int] = []
    for person in news.listeners:
        if person in directory.told_instead(person, admins):
            found[person] = person
        else:
            gone.append(person)
    for person in gone:
        for one in directory.told_instead(person, admins):
            found.setdefault(one, person)
    return found
