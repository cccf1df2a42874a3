"""One request of a person: who looks (or acts), in which language, and how the answer is drawn."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from sandbox.portal.core import Portal
from sandbox.portal.persons import Person
from sandbox.web import words
from sandbox.web.bbcode import to_html
from sandbox.web.robots import Robots

USER, LANGUAGE, NOTE = "see_as", "language", "note"
_FOLDER = Path(__file__).parent / "templates"
_LONG = 365 * 24 * 3600
_TEMPLATES = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
)


@dataclass(frozen=True)
class Visit:
    """One request of a person. `form` is empty if the person only looks."""

    portal: Portal
    robots: Robots
    request: Request
    form: FormData = field(default_factory=FormData)

    @property
    def language(self) -> str:
        """`ru`, unless the person chose `en`."""
        return "en" if self.request.cookies.get(LANGUAGE) == "en" else "ru"

    def word(self, ru: str, en: str) -> str:
        """The text in the person's language."""
        return en if self.language == "en" else ru

    @property
    def user_id(self) -> int:
        """The employee through whose eyes the portal is seen; at first the first one who is no robot."""
        chosen = self.request.cookies.get(USER, "")
        if chosen.isdigit() and self.portal.people.user(int(chosen)):
            return int(chosen)
        robots = self.robot_ids
        return next((row["id"] for row in self.portal.tables.users if row["id"] not in robots), 1)

    @property
    def robot_ids(self) -> set[int]:
        """Owners of incoming webhooks."""
        return {row["userId"] for row in self.portal.incoming.rows()}

    @property
    def person(self) -> Person:
        """Whoever acts."""
        return self.portal.as_user(self.user_id)

    def text(self, name: str) -> str:
        """One field of the form."""
        return str(self.form.get(name) or "").strip()

    def number(self, name: str, default: int = 0) -> int:
        """One field of the form as a whole number."""
        given = self.text(name)
        return int(given) if given.lstrip("-").isdigit() else default

    def path(self, name: str) -> Any:
        """A part of the address."""
        return self.request.path_params[name]

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """Draws a page."""
        note = self._note()
        with self.portal.lock:
            common = {**self._common(), "note": note}
            html = _TEMPLATES.get_template(template).render({**common, **values})
        answer = HTMLResponse(html, status)
        if note:
            answer.delete_cookie(NOTE)
        return answer

    def go(self, to: str, note: str = "", *, bad: bool = False) -> RedirectResponse:
        """Redirects after an action, with a message about its result."""
        answer = RedirectResponse(to, 303)
        if note:
            # Browsers drop cookies above 4 KB; a Russian letter takes six bytes here.
            text = quote(json.dumps([bad, note[:500]], ensure_ascii=False))
            answer.set_cookie(NOTE, text, max_age=30, httponly=True, samesite="lax")
        return answer

    def back(self, note: str = "", *, bad: bool = False) -> RedirectResponse:
        """Redirects to the page of the form."""
        to = self.text("back")
        return self.go(to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/", note, bad=bad)

    def remember(self, name: str, value: str) -> RedirectResponse:
        """Keeps a choice of the person in the browser."""
        answer = self.back()
        answer.set_cookie(name, value, max_age=_LONG, httponly=True, samesite="lax")
        return answer

    def _note(self) -> tuple[bool, str] | None:
        try:
            bad, text = json.loads(unquote(self.request.cookies.get(NOTE, "")))
        except (ValueError, TypeError):
            return None
        return bool(bad), str(text)

    def _common(self) -> Mapping[str, Any]:
        query = self.request.url.query
        home = self.portal.faults.domain
        return {
            "w": self.word,
            "language": self.language,
            "here": self.request.url.path + (f"?{query}" if query else ""),
            "me": self.user_id,
            "users": self.portal.people.listed(),
            "unread": sum(not row["read"] for row in self.person.notifications()),
            "now": self.portal.clock.now(),
            "robot_ids": self.robot_ids,
            "name_of": self.portal.people.name,
            "bb": lambda text: to_html(str(text or ""), home),
            "when": lambda moment: words.when(moment, self.portal.clock.now(), self.language),
            "day": lambda moment: words.day(moment, self.language),
            "money": words.money,
            "kinds": words.KINDS,
        }
