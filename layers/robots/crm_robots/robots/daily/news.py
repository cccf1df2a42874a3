"""What a person hears about a client. Kept in the timer's row, written together with the plan that makes it true."""

from datetime import date
from typing import Literal

import msgspec

from crm_robots.shared.items import ItemRef
from crm_robots.shared.markup import NOTHING, Markup


class News(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the day's run did with one client."""

    run: date
    """Day of the run. A client with news of this run has had its step."""
    item: str
    name: str
    kind: Literal["dropped", "lost", "warned", "handed"]
    """`handed`: a command gave the client to somebody else (D14)."""
    old: str
    """Code of the status before; of the present one for a warning."""
    new: str
    since: date | None = None
    """Since when the old status stood."""
    due: date | None = None
    """When the new status ends; the present one for a warning."""
    responsible: int | None = None
    supervisor: int | None = None
    heir: int | None = None
    """To whom the client was handed over."""
    opened: bool = False
    """The card was opened to everyone."""
    witness: int | None = None
    """The person in whose message's batch the comment goes: it tells later whether the message went out."""
    comment: Markup = NOTHING

    @property
    def ref(self) -> ItemRef:
        """The card."""
        return ItemRef.parse(self.item)

    @property
    def topic(self) -> str:
        """What a message of its own is about: a client may be dropped and handed over on one day."""
        return f"{self.item}#handed" if self.kind == "handed" else self.item

    @property
    def listeners(self) -> tuple[int, ...]:
        """Everyone whom it concerns, each once."""
        people = (self.responsible, self.supervisor, self.heir)
        return tuple(dict.fromkeys(person for person in people if person))

    def still_true(self, status: str) -> bool:
        """Whether the timer's status is the one that was announced; a refused drop is none."""
        return status == self.new


def together(earlier: News | None, news: News) -> News:
    """One piece of news about a client for whom two runs did something before anybody heard of it."""
    if earlier is None or earlier.kind != "dropped":
        return news
    pending = earlier.comment if earlier.witness else NOTHING
    if news.kind == "warned":
        # The line about the drop names the next change too.
        return msgspec.structs.replace(
            earlier, run=news.run, due=news.due, responsible=news.responsible, comment=pending
        )
    return msgspec.structs.replace(
        news, old=earlier.old, comment=Markup("\n").join(filter(None, (pending, news.comment)))
    )
