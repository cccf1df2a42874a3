"""What every robot knows about the portal: the compiled `portal` section."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.markup import Markup


class PortalRules(msgspec.Struct, frozen=True):
    """The `portal` section once it is published."""

    url: str
    """Root of the portal without a trailing slash, for links that people click."""
    timezone: str
    language: str
    admins: tuple[int, ...]
    """Users who are told of refused settings and of events that robots gave up on."""
    webhook_user_id: int
    """The employee whose incoming webhook we use: our own writes carry this author."""
    country: str = "RU"
    """Where the company is, as `RU`: numbers that people type without a country's code are of there."""
    hosts: tuple[str, ...] = ()
    """The only hosts under which webhooks are taken; empty: any."""

    def day_of(self, ts: float) -> date:
        """The day of a moment, where the portal lives."""
        return datetime.fromtimestamp(ts, ZoneInfo(self.timezone)).date()

    def link(self, ref: ItemRef, title: str) -> Markup:
        """A BB-code link to a card."""
        return Markup("[URL={url}/crm/{kind}/details/{id}/]{title}[/URL]").format(
            url=Markup(self.url), kind=ref.kind, id=ref.id, title=title
        )

    def link_to(self, item: Item) -> Markup:
        """A BB-code link to a card, under the name that people know it by."""
        return self.link(item.ref, item.title)
