"""The robot's vocabulary."""

from crm_robots.robots.routing import texts_en, texts_ru
from crm_robots.shared.markup import templates

_WORDS = {"ru": texts_ru.WORDS, "en": texts_en.WORDS}
WORDS = templates(_WORDS)
