"""D5, D7: who is told what. Letters travel in bags, one plan each: what a bag has brought is never brought again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec

from crm_robots.robots.daily.digest import Writer
from crm_robots.robots.daily.news import News
from crm_robots.shared.actions import Action, AddComment, Notify, PostToFeed
from crm_robots.shared.decision import Decision, step

_PER_BAG = 24
"""With a comment for each message that makes a full batch, and a row of a table holds it."""
_POSTS_PER_BAG = 8


class Letter(msgspec.Struct, frozen=True):
    """One message or post. `key` names it within its run: `7`, `7#company:5`, `7#post1`."""

    key: str
    action: Notify | PostToFeed | None
    """None: the person works here no more, and only comments are left to be written."""
    comments: tuple[AddComment, ...] = ()


class BagMemory(msgspec.Struct, frozen=True):
    """What a bag has brought: the run's day and the letters' keys."""

    day: date | None = None
    keys: tuple[str, ...] = ()


type Told = Mapping[str, date]
"""By letter: the newest run that has sent it, or is about to."""


def told_by(bags: Iterable[BagMemory]) -> dict[str, date]:
    """What all these bags have brought."""
    told: dict[str, date] = {}
    for bag in bags:
        if bag.day:
            told |= {key: max(bag.day, told.get(key, bag.day)) for key in bag.keys}
    return told


def letters(user: int, news: Sequence[News], writer: Writer, told: Told, *, listens: bool) -> list[Letter]:
    """The person's messages of the day, as far as they are still to be sent."""
    if not writer.rules.notifications.merge:
        of_clients = {_key(user, one.topic): one for one in news}
        return [
            Letter(key, Notify(user, writer.short(user, one), rule="D5") if listens else None, _comments(user, [one]))
            for key, one in of_clients.items()
            if _is_news(one, told.get(key))
        ]
    key = _key(user)
    fresh = [one for one in news if _is_news(one, told.get(key))]
    if not fresh:
        return []
    text, _ = writer.message(user, fresh)
    return [Letter(key, Notify(user, text, rule="D5") if listens else None, _comments(user, fresh))]


def posts(user: int, news: Sequence[News], writer: Writer, told: Told) -> list[Letter]:
    """The person's feed posts: the whole list where the message was cut, else what is soon due."""
    first = _key(user, "post1")
    fresh = [one for one in news if told.get(first) in (None, writer.day) or _is_news(one, told.get(first))]
    whole = writer.rules.notifications.merge and writer.message(user, fresh)[1]
    numbered = enumerate(writer.posts(user, fresh, whole=whole), 1)
    keyed = {_key(user, f"post{number}"): post for number, post in numbered}
    return [
        Letter(key, PostToFeed((user,), post.title, post.text, rule="D6"))
        for key, post in keyed.items()
        if told.get(key) != writer.day
    ]


def mail_bags(found: Sequence[Letter], day: date) -> list[Decision]:
    """Full bags. The comments are dealt out among them: found after a crash, one says that its whole bag went out.

    They stand before the messages, since twice is worse than once too few.
    """
    ordered = sorted(found, key=lambda letter: not letter.comments)
    count = -(-len(ordered) // _PER_BAG)
    return [_bag(ordered[place::count], day) for place in range(count)]


def post_bags(found: Sequence[Letter], day: date) -> list[Decision]:
    """Posts travel apart: a missing right to post must not hold back messages."""
    return [_bag(found[start : start + _POSTS_PER_BAG], day) for start in range(0, len(found), _POSTS_PER_BAG)]


def _bag(inside: Sequence[Letter], day: date) -> Decision:
    comments: list[Action] = [comment for letter in inside for comment in letter.comments]
    sent = [letter.action for letter in inside if letter.action]
    return Decision(BagMemory(day, tuple(letter.key for letter in inside)), step(*comments, *sent))


def _key(user: int, part: str = "") -> str:
    return f"{user}#{part}" if part else str(user)


def _is_news(news: News, told: date | None) -> bool:
    return told is None or news.run > told


def _comments(user: int, news: Iterable[News]) -> tuple[AddComment, ...]:
    return tuple(AddComment(one.ref, one.comment, rule="D6") for one in news if one.witness == user and one.comment)
