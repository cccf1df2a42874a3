"""Employees, departments, absences, and what a user may see of the CRM."""

from datetime import datetime, timedelta
from typing import Any

from sandbox.portal.store import Row
from sandbox.portal.tables import Tables

VACATION = "VACATION"


class People:
    """Rows in the spelling of `user.get` and `department.get`, plus the portal's own `access` and `hidden`.

    `access`: `all`, `open` (own items and those opened to everyone), `own`, `none`. `hidden` users (integrators, bots)
    exist, may be responsible for items, and are never listed.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def add_department(self, name: str, parent: int | None = None, head: int | None = None) -> int:
        """Adds a department under another; returns its id."""
        row = {"NAME": name, "SORT": 500, "PARENT": parent, "UF_HEAD": head}
        department: int = self._tables.departments.add(row)["id"]
        return department

    def set_head(self, department: int, head: int | None) -> None:
        """Makes a user the head."""
        self._tables.departments.put({**self._tables.departments.rows[department], "UF_HEAD": head})

    def add_user(self, name: str, last_name: str, email: str, departments: list[int], **more: Any) -> int:
        """Hires somebody; returns the id."""
        row = {
            "NAME": name,
            "LAST_NAME": last_name,
            "SECOND_NAME": "",
            "EMAIL": email,
            "ACTIVE": True,
            "UF_DEPARTMENT": departments,
            "WORK_POSITION": "",
            "USER_TYPE": "employee",
            "PERSONAL_MOBILE": "",
            "TIME_ZONE": "",
            "admin": False,
            "access": "all",
            "hidden": False,
            "callStatistics": True,
            "workday": "OPENED",
        }
        user: int = self._tables.users.add({**row, **more})["id"]
        return user

    def change(self, user_id: int, **changes: Any) -> None:
        """Dismisses (`ACTIVE=False`), promotes (`admin=True`), hides, moves …"""
        self._tables.users.put({**self._tables.users.rows[user_id], **changes})

    def user(self, user_id: int) -> Row | None:
        """Somebody, hidden people included."""
        return self._tables.users.get(user_id)

    def name(self, user_id: int) -> str:
        """Name and last name, for people to read."""
        row = self.user(user_id)
        return f"{row['NAME']} {row['LAST_NAME']}".strip() if row else f"#{user_id}"

    def listed(self) -> list[Row]:
        """Everybody that `user.get` shows."""
        return [row for row in self._tables.users if not row["hidden"]]

    def departments(self) -> list[Row]:
        """All departments by id."""
        return list(self._tables.departments)

    def absent(self, user_id: int, start: datetime, end: datetime, name: str = "Отпуск", kind: str = "absent") -> int:
        """Puts an entry into the calendar; `kind` is `absent`, `busy`, `quest` or `free`."""
        row = {
            "userId": user_id,
            "from": start.isoformat(),
            "to": end.isoformat(),
            "name": name,
            "kind": kind,
        }
        absence: int = self._tables.absences.add(row)["id"]
        return absence

    def on_leave(
        self, user_id: int, first: datetime, last: datetime, name: str = "Отпуск", kind: str = VACATION
    ) -> int:
        """Puts whole days, the last one included, into the absence chart of the HR department.

        `kind`: `VACATION`, `LEAVESICK`, `ASSIGNMENT` …; only vacations show in the messenger.
        """
        start, end = (day.replace(hour=0, minute=0, second=0, microsecond=0) for day in (first, last))
        absence = self.absent(user_id, start, end + timedelta(days=1), name)
        self._tables.absences.put({**self._tables.absences.rows[absence], "hr": kind})
        return absence

    def absences(self, user_id: int) -> list[Row]:
        """Calendar entries of a user."""
        return self._tables.absences.by("userId", user_id)

    def end_absences(self, user_id: int, now: datetime) -> None:
        """Takes entries that cover `now` out of the calendar."""
        for row in self.absences(user_id):
            if datetime.fromisoformat(row["from"]) <= now < datetime.fromisoformat(row["to"]):
                self._tables.absences.remove(row["id"])

    def away_until(self, user_id: int, now: datetime) -> datetime | None:
        """When an absence that covers `now` ends."""
        for row in self.absences(user_id):
            start, end = datetime.fromisoformat(row["from"]), datetime.fromisoformat(row["to"])
            if row["kind"] == "absent" and start <= now < end:
                return end
        return None

    def vacation_until(self, user_id: int, now: datetime) -> datetime | None:
        """When a vacation of the absence chart that covers `now` ends: all that the messenger knows."""
        for row in self.absences(user_id):
            start, end = datetime.fromisoformat(row["from"]), datetime.fromisoformat(row["to"])
            if row.get("hr") == VACATION and start <= now < end:
                return end
        return None

    def may_see_calls(self, user_id: int) -> bool:
        """Whether the role holds «Call statistics: view», which is apart from the rights of an administrator."""
        user = self._tables.users.get(user_id)
        return bool(user and user.get("callStatistics", True))

    def may_see(self, user_id: int, item: Row) -> bool:
        """Whether an item is among those that the user's role may read."""
        user = self._tables.users.get(user_id)
        access = user["access"] if user else "none"
        if access == "all" or (user and user["admin"]):
            return True
        own = item.get("assignedById") == user_id or user_id in (item.get("observers") or ())
        return access != "none" and (own or (access == "open" and item.get("opened") == "Y"))

    def is_admin(self, user_id: int) -> bool:
        """Whether the user administers the portal, and with it the CRM."""
        user = self._tables.users.get(user_id)
        return bool(user and user["admin"])
