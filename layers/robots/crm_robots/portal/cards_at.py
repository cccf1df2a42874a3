"""All cards that stand at certain stages.

https://github.com/bitrix24/b24restdocs/blob/main/api-reference/crm/universal/crm-item-list.md
"""

from collections.abc import Iterable, Iterator

from crm_robots.portal.client import Bitrix24
from crm_robots.portal.items import to_item
from crm_robots.shared.items import ENTITY_TYPE_IDS, Item


def cards_at(portal: Bitrix24, kind: str, stages: Iterable[str], user_fields: Iterable[str]) -> Iterator[Item]:
    """Leads or deals by ascending id, with phones and e-mails; 2,500 a request."""
    wanted = {"select": ["*", *user_fields], "filter": {"@stageId": sorted(stages)}, "useOriginalUfNames": "Y"}
    for row in portal.pages("crm.item.list", {"entityTypeId": ENTITY_TYPE_IDS[kind], **wanted}):
        yield to_item(kind, row)
