"""What reaches people: notifications, chat messages and the live feed."""

from typing import Any

from sandbox.portal.clock import Clock, iso
from sandbox.portal.events import Outbox
from sandbox.portal.store import Row
from sandbox.portal.tables import Tables


class News:
    """Notifications per user, posts per addressee (`U12`, `DR3`, `SG5`, `UA`)."""

    def __init__(self, clock: Clock, tables: Tables, outbox: Outbox) -> None:
        self._clock = clock
        self._tables = tables
        self._outbox = outbox
        # im.notify.* answers `false` for these users: they muted the channel.
        self.muted: set[int] = set()

    def notify(self, user_id: int, text: str, sender: int | None, tag: str = "") -> int | None:
        """Notifies a user; None if nothing was made. The same tag replaces the older notification."""
        user = self._tables.users.get(user_id)
        if user_id in self.muted or user is None or not user["ACTIVE"]:
            return None
        for old in self._tables.notifications.by("userId", user_id) if tag else []:
            if old["tag"] == tag:
                self._tables.notifications.remove(old["id"])
        row = {
            "userId": user_id,
            "text": text,
            "from": sender,
            "tag": tag,
            "at": iso(self._clock.now()),
            "read": False,
        }
        notification: int = self._tables.notifications.add(row)["id"]
        return notification

    def notifications(self, user_id: int) -> list[Row]:
        """A user's notifications, oldest first."""
        return self._tables.notifications.by("userId", user_id)

    def mark_read(self, user_id: int) -> None:
        """Somebody opened the bell."""
        for row in self.notifications(user_id):
            if not row["read"]:
                self._tables.notifications.put({**row, "read": True})

    def message(self, dialog: str, text: str, sender: int) -> int:
        """A chat message; returns its id."""
        row = {"dialog": dialog, "text": text, "from": sender, "at": iso(self._clock.now())}
        message: int = self._tables.messages.add(row)["id"]
        return message

    def post(self, title: str, text: str, to: list[str], by: int, **more: Any) -> int:
        """Writes into the live feed; returns the post's id."""
        row = {"title": title, "text": text, "to": to, "by": by, "at": iso(self._clock.now()), **more}
        post: int = self._tables.posts.add(row)["id"]
        self._outbox.emit("ONLIVEFEEDPOSTADD", {"FIELDS": {"POST_ID": post}})
        return post

    def feed(self, user_id: int) -> list[Row]:
        """Posts that a user sees, newest first."""
        user = self._tables.users.get(user_id) or {}
        mine = {"UA", f"U{user_id}"} | {f"DR{one}" for one in self._departments_above(user.get("UF_DEPARTMENT") or [])}
        posts = [row for row in self._tables.posts if mine & set(row["to"]) or row["by"] == user_id]
        return posts[::-1]

    def _departments_above(self, departments: list[int]) -> set[int]:
        seen: set[int] = set()
        todo = list(departments)
        while todo:
            one = todo.pop()
            row = self._tables.departments.get(one)
            if one in seen or row is None:
                continue
            seen.add(one)
            todo += [row["PARENT"]] if row["PARENT"] else []
        return seen
