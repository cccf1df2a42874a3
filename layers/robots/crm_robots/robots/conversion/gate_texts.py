"""What people read about a lead that may not pass, and about one that now may."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_robots.robots.conversion import texts_en, texts_ru
from crm_robots.shared.markup import REFUSAL, Markup, templates

_WORDS = {"ru": texts_ru.GATE, "en": texts_en.GATE}
_TEMPLATES = templates(_WORDS)


@dataclass(frozen=True, slots=True)
class Texts:
    """In one language, about one lead and the gate of that name."""

    language: str
    gate: str
    lead: str
    link: str = ""
    """To the lead's card."""

    def returned(self, missing: Sequence[str], stage: str) -> Markup:
        """The comment that lists what is missing, and where the lead went."""
        return self._listed(missing, self._say("returned", stage=stage))

    def stays(self, missing: Sequence[str], _stage: str, *, is_won: bool) -> Markup:  # noqa: ARG002 - the same for all
        """The same for a lead that stays where it is."""
        return self._listed(missing, self._say("stays"))

    def not_returned(self, missing: Sequence[str], _stage: str) -> Markup:
        """The same when the portal refuses the move; its own words are filled in later."""
        return self._listed(missing, self._say("refused", refusal=REFUSAL))

    def complete(self) -> Markup:
        """The comment once the last gap is filled."""
        return self._say("complete", gate=self.gate)

    def todo(self, missing: Sequence[str]) -> tuple[Markup, Markup]:
        """Title and description of the to-do."""
        text = self._say("todo_text", gate=self.gate, fields=", ".join(missing))
        return self._say("todo", lead=self.lead), text

    def notice(self, missing: Sequence[str], stage: str) -> Markup:
        """What whoever moved the lead is told."""
        return self._say("notice", link=self.link, stage=stage, gate=self.gate, fields=", ".join(missing))

    def _say(self, key: str, **words: str) -> Markup:
        return _TEMPLATES[self.language][key].format(**words)

    def _listed(self, missing: Sequence[str], end: str) -> Markup:
        return Markup("\n").join(
            [self._say("gaps", gate=self.gate), *(Markup("• {}").format(text) for text in missing), end]
        )
