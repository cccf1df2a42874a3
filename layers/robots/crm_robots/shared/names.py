"""When two names are the same to the people who write them: one rule for settings, imports and the portal's names."""

import unicodedata

_NO_WIDTH = "Cf"
"""Unicode's category of characters that take no room: zero-width spaces, byte order marks, soft hyphens."""


def folded(name: str) -> str:
    """The name without letter case, ё, special spaces, invisible characters and decomposed letters."""
    plain = unicodedata.normalize("NFKC", name)
    visible = "".join(one for one in plain if unicodedata.category(one) != _NO_WIDTH)
    return " ".join(visible.casefold().replace("ё", "е").split())
