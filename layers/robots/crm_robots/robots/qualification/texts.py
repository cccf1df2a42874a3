"""What people read of the qualification robot: timeline comments, to-dos, notifications."""

from collections.abc import Iterable, Sequence

from crm_robots.robots.qualification import texts_en, texts_ru
from crm_robots.robots.qualification.memory import Line
from crm_robots.shared.markup import REFUSAL, Markup, templates

_LONGEST_TITLE = 200

_TEMPLATES = {
    "lead": templates({"ru": texts_ru.WORDS, "en": texts_en.WORDS}),
    "deal": templates({"ru": texts_ru.WORDS | texts_ru.DEALS, "en": texts_en.WORDS | texts_en.DEALS}),
}


class Texts:
    """All texts in one language, about a lead or a deal."""

    def __init__(self, language: str, kind: str = "lead") -> None:
        self._texts = _TEMPLATES[kind][language]

    def say(self, key: str, /, **words: object) -> Markup:
        """One text of the table."""
        # The portal's own words are filled in once they are known.
        return self._texts[key].format(refusal=REFUSAL, **words)

    def listed(self, key: str, lines: Iterable[str], /, **words: object) -> Markup:
        """A text with a list below."""
        return Markup("\n").join([self.say(key, **words), *(Markup("• {}").format(line) for line in lines)])

    def changes(self, name: str, lines: Iterable[Line]) -> Markup:
        """A text with changed fields below: label, old value → new value."""
        return self.listed(name, map(change, lines))

    def kept(self, name: str, lines: Iterable[Line]) -> Markup:
        """A text with fields below that stay as they were."""
        return self.listed(name, map(self._kept, lines))

    def _kept(self, line: Line) -> Markup:
        return Markup("{}: {} ({})").format(line.label, line.old, self.say("offered", new=line.new))

    def todo_title(self, missing: Sequence[str]) -> Markup:
        """Short enough for a list of to-dos."""
        title = self.say("todo", fields=", ".join(missing))
        return title if len(title) <= _LONGEST_TITLE else Markup(title[: _LONGEST_TITLE - 1]) + "…"


def paragraphs(*parts: Markup) -> Markup:
    """Parts that say something, with empty lines between them."""
    return Markup("\n\n").join(part for part in parts if part)


def change(line: Line) -> Markup:
    """`Площадь: 120 → 150`."""
    return Markup("{}: {} → {}").format(line.label, line.old, line.new)
