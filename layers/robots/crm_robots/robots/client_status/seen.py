"""Which cards were seen, one bit a card: a million of them must not fill the memory."""

from crm_robots.shared.items import ItemRef

_PAGE = 8192
"""Cards of one page. Pages are made as cards of them are seen, so that one high id does not cost all ids below it."""


class Seen:
    """A set of cards."""

    def __init__(self) -> None:
        self._pages: dict[tuple[str, int], bytearray] = {}

    def add(self, ref: ItemRef) -> bool:
        """Notes a card; False if it was there already."""
        if ref in self:
            return False
        page, card = divmod(int(ref.id), _PAGE)
        self._pages.setdefault((ref.kind, page), bytearray(_PAGE // 8))[card // 8] |= 1 << card % 8
        return True

    def __contains__(self, ref: ItemRef) -> bool:
        page, card = divmod(int(ref.id), _PAGE)
        bits = self._pages.get((ref.kind, page))
        return bits is not None and bool(bits[card // 8] & 1 << card % 8)

    def any(self, kind: str) -> bool:
        """Whether a card of that kind was seen."""
        return any(seen == kind for seen, _ in self._pages)
