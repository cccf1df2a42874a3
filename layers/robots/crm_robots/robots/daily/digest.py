"""D5, D6: everything that one person hears on one day, in one message; what is too long stands whole in the feed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.daily.addressees import addressees
from crm_robots.robots.daily.news import News
from crm_robots.robots.daily.texts import WORDS, day_in, filled, link, person, with_heir
from crm_robots.shared.markup import NOTHING, Markup
from crm_robots.shared.people import Directory
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.stand_ins import whose

LONGEST_MESSAGE = 4000
LONGEST_POST = 20_000
_SPACE = Markup(" ")
_GROUPS = ("lost", "others", "handed", "given", "dropped", "warned")


class Post(msgspec.Struct, frozen=True):
    """One live-feed post."""

    title: Markup
    text: Markup


class Line(msgspec.Struct, frozen=True):
    """One client in one group."""

    group: str
    text: Markup
    due: date | None
    name: str


class Writer(msgspec.Struct, frozen=True):
    """What all messages of a run share."""

    day: date
    rules: ClientStatusRules
    portal: PortalRules
    directory: Directory

    @property
    def words(self) -> dict[str, Markup]:
        """In the portal's language."""
        return WORDS[self.portal.language]

    def message(self, user: int, news: Iterable[News]) -> tuple[Markup, bool]:
        """The one message of the day, and whether it was cut."""
        lines = self.lines(user, news)
        title = Markup("[B]{}[/B]").format(self.words["title"].format(day=day_in(self.words, self.day)))
        text = Markup("\n").join([title, *self._grouped(lines)])
        return (text, False) if len(text) <= LONGEST_MESSAGE else (self._cut(title, lines), True)

    def short(self, user: int, news: News) -> Markup:
        """A message of its own for one client (`merge: false`)."""
        return Markup("\n").join(self._with_what(line) for line in self.lines(user, [news]))

    def _with_what(self, line: Line) -> Markup:
        """The line with what it is about, unless it says so itself."""
        named = self.words.get(f"short_{line.group}")
        if named is None or line.text.startswith(named.format(line="").strip()):
            return line.text
        return named.format(line=line.text)

    def posts(self, user: int, news: Sequence[News], *, whole: bool) -> list[Post]:
        """For the person's feed: all of it where the message was cut, else what is soon due, if that is wanted."""
        lines = self.lines(user, news)
        if not whole:
            lines = [line for line in lines if line.group == "warned"] if self.rules.warning.feed else []
        if not lines:
            return []
        day = day_in(self.words, self.day)
        title = self.words["whole" if whole else "soon_title"].format(day=day, count=len(lines))
        parts = list(_parts(self._grouped(lines) if whole else [_bullet(line) for line in lines]))
        if len(parts) == 1:
            return [Post(title, parts[0])]
        numbered = enumerate(parts, 1)
        return [Post(title + self.words["part"].format(number=at, all=len(parts)), text) for at, text in numbered]

    def lines(self, user: int, news: Iterable[News]) -> list[Line]:
        """Group by group, soonest first."""
        found = [line for one in news for line in self._of(user, one)]
        return sorted(found, key=lambda line: (_GROUPS.index(line.group), line.due or date.max, line.name))

    def _of(self, user: int, news: News) -> Iterator[Line]:
        """The lines for this person, or one in the place of somebody who no longer works here (S11)."""
        place = addressees(news, self.directory, self.portal.admins).get(user, user)
        lines = self._lines_of(place, news)
        if place == user:
            yield from lines
        elif line := next(lines, None):
            yield msgspec.structs.replace(
                line, text=_SPACE.join([line.text, whose(place, self.directory, self.portal)])
            )

    def _lines_of(self, user: int, news: News) -> Iterator[Line]:
        def line(group: str, text: Markup) -> Line:
            return Line(group, text, news.due, news.name)

        values = self._values(news)
        if news.kind == "lost" and user == news.responsible:
            yield line("lost", self._lost(self.rules.lost.text, news, values))
        if news.kind == "lost" and user == news.supervisor:
            yield line("others", self._lost(self.rules.lost.supervisor_text, news, values))
        if news.kind in ("lost", "handed") and user == news.heir:
            yield line("handed", self.words["handed_line"].format(**values, new=values["status"]))
        if news.kind == "handed" and user == news.responsible:
            yield line("given", self.words["given_line"].format(**values, heir=self.directory.name(news.heir or 0)))
        if news.kind == "dropped" and user == news.responsible:
            yield line("dropped", self._dropped(news, values))
        if news.kind == "warned" and user == news.responsible:
            yield line("warned", filled(self.rules.warning.text, values))

    def _values(self, news: News) -> dict[str, str]:
        return {
            "client": link(news, self.portal),
            "status": self.rules.label(news.new),
            "due_date": day_in(self.words, news.due or (news.run if news.kind == "lost" else None)),
            "manager": person(news.responsible, self.directory, self.words),
        }

    def _lost(self, text: str, news: News, values: dict[str, str]) -> Markup:
        told = filled(text, values)
        return with_heir(told, self.directory.name(news.heir), self.words) if news.heir else told

    def _dropped(self, news: News, values: dict[str, str]) -> Markup:
        until = self.words["until"].format(due=values["due_date"]) if news.due else NOTHING
        old = self.rules.label(news.old)
        return self.words["dropped_line"].format(client=values["client"], old=old, new=values["status"], until=until)

    def _grouped(self, lines: Sequence[Line]) -> Iterator[Markup]:
        for group in _GROUPS:
            of_group = [line for line in lines if line.group == group]
            if of_group:
                yield self._head(group, of_group)
                yield from map(_bullet, of_group)

    def _head(self, group: str, lines: Sequence[Line]) -> Markup:
        return Markup("\n[B]{}: {}[/B]").format(self.words[group], len(lines))

    def _cut(self, title: Markup, lines: Sequence[Line]) -> Markup:
        """As many lines as there is room for. Each group keeps its count, so that nobody is misled."""
        shown = list(lines)
        room = LONGEST_MESSAGE - len(title) - len(self.words["more"]) - 10
        heads = {group: self._head(group, [one for one in lines if one.group == group]) for group in _GROUPS}
        kept: list[Markup] = []
        group, used, count = "", 0, 0
        for line in shown:
            added = [heads[line.group]] if line.group != group else []
            added.append(_bullet(line))
            size = sum(len(one) + 1 for one in added)
            if used + size > room:
                break
            kept += added
            group, used, count = line.group, used + size, count + 1
        return Markup("\n").join([title, *kept, self.words["more"].format(count=len(lines) - count)])


def _bullet(line: Line) -> Markup:
    return Markup("• {}").format(line.text)


def _parts(lines: Iterable[Markup]) -> Iterator[Markup]:
    part: list[Markup] = []
    size = 0
    for line in lines:
        if part and size + len(line) > LONGEST_POST:
            yield Markup("\n").join(part).strip()
            part, size = [], 0
        part.append(line)
        size += len(line) + 1
    if part:
        yield Markup("\n").join(part).strip()
