"""The people whom routing may draw: who they are right now, who is away, who has how many open deals."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from crm_robots.portal.absence import absence_questions, absences
from crm_robots.portal.client_deals import count_of, open_deal_count
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import Busy
from crm_robots.portal.members import further_pages, member_pages, places_of, with_members
from crm_robots.robots.routing.ballot import Company
from crm_robots.robots.routing.rules import RoutingRules
from crm_robots.shared.people import Directory
from crm_robots.shared.portal import PortalRules


class People:
    """Members of the departments that the services name."""

    def __init__(self, directory: Directory, rules: RoutingRules, portal: PortalRules, moment: datetime) -> None:
        self._directory = directory
        self._rules, self._portal = rules, portal
        self._moment = moment
        self._places = places_of(directory, rules.departments)
        self._asked: set[int] = set()

    def questions(self, room: int) -> dict[str, Command]:
        """What can be asked before anybody has answered. Open deals are counted person by person, as many as fit in."""
        members = self._members(self._directory)
        asked = member_pages(self._directory, self._places) | self._absences(members)
        return asked | self._counts(members[: max(0, room - len(asked))], {})

    def left(self, answers: Mapping[str, Reply]) -> dict[str, Command]:
        """What is missing: pages that nobody expected, and questions about people who have just joined."""
        members = self._members(self._now(answers))
        newcomers = [user for user in members if user not in self._asked]
        pages = further_pages(self._places, answers)
        return pages | self._absences(newcomers) | self._counts(members, answers)

    def company(self, answers: Mapping[str, Reply]) -> Company:
        """Everybody as of now."""
        told = absences(answers, self._moment)
        return Company(self._now(answers), told.away, told.known, self._portal.admins)

    def open_deals(self, answers: Mapping[str, Reply]) -> Counter[int]:
        """By person."""
        counts: Counter[int] = Counter()
        for user in self._members(self._now(answers)):
            reply = answers.get(f"count{user}")
            if reply is not None and isinstance(reply.error, Busy):
                raise reply.error
            counts[user] = count_of(reply) if reply is not None and reply.error is None else 0
        return counts

    def _now(self, answers: Mapping[str, Reply]) -> Directory:
        return with_members(self._directory, self._places, answers)

    def _members(self, directory: Directory) -> list[int]:
        return sorted({user for department in self._rules.departments for user in directory.members(department)})

    def _absences(self, users: list[int]) -> dict[str, Command]:
        self._asked |= set(users)
        return absence_questions(users, self._moment) if self._rules.skip_absent else {}

    def _counts(self, users: list[int], answers: Mapping[str, Reply]) -> dict[str, Command]:
        if self._rules.pick != "least_loaded":
            return {}
        return {f"count{user}": open_deal_count(user) for user in users if f"count{user}" not in answers}
