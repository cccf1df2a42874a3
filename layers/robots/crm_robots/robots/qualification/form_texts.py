"""What the fill-in page says of an answer that a field does not take."""

from crm_robots.robots.qualification import texts_en, texts_ru

_TEXTS = {"ru": texts_ru.FORM, "en": texts_en.FORM}


class FormTexts:
    """In one language."""

    def __init__(self, language: str) -> None:
        self._texts = _TEXTS[language]

    def say(self, reason: str, **words: object) -> str:
        """What would be right."""
        return self._texts[reason].format(**words)
