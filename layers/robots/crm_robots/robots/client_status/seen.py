"""Which cards were seen, one bit a card: a million of them must not fill the memory."""

from crm_robots.domain.items import ItemRef


class Seen:
    """A set of cards."""

    def __init__(self) -> None:
        self._bits: dict[str, bytearray] = {}

    def add(self, ref: ItemRef) -> bool:
        """Notes a card; False if it was there already."""
        place, bit = divmod(int(ref.id), 8)
        bits = self._bits.setdefault(ref.kind, bytearray())
        if place >= len(bits):
            bits.extend(bytes(place + 1 - len(bits) + len(bits) // 2))
        known = bool(bits[place] & (1 << bit))
        bits[place] |= 1 << bit
        return not known

    def __contains__(self, ref: ItemRef) -> bool:
        place, bit = divmod(int(ref.id), 8)
        bits = self._bits.get(ref.kind, b"")
        return place < len(bits) and bool(bits[place] & (1 << bit))

    def any(self, kind: str) -> bool:
        """Whether a card of that kind was seen."""
        return any(self._bits.get(kind, b""))
