"""The four kinds of items: lead, deal, contact, company, and how Bitrix24 calls each of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ItemType:
    """`id` is entityTypeId; `name` the word in timeline methods; `letter` the prefix of CRM bindings."""

    id: int
    name: str
    letter: str
    title: str

    @property
    def code(self) -> str:
        """`LEAD`: in events, document ids and duplicates."""
        return self.name.upper()

    @property
    def user_fields(self) -> str:
        """`CRM_LEAD`: the owner of user fields."""
        return f"CRM_{self.code}"

    @property
    def staged(self) -> bool:
        """Whether items of this type stand at stages."""
        return self.id in (1, 2)


LEAD = ItemType(1, "lead", "L", "Лид")
DEAL = ItemType(2, "deal", "D", "Сделка")
CONTACT = ItemType(3, "contact", "C", "Контакт")
COMPANY = ItemType(4, "company", "CO", "Компания")

TYPES = (LEAD, DEAL, CONTACT, COMPANY)
BY_ID = {item_type.id: item_type for item_type in TYPES}
BY_NAME = {item_type.name: item_type for item_type in TYPES}
BY_LETTER = {item_type.letter: item_type for item_type in TYPES}
