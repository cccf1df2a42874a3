"""Notifications and live-feed posts: the portal cannot be asked whether it has them.

https://apidocs.bitrix24.com/api-reference/chats/notifications/
"""

from crm_robots.portal.commands import Command
from crm_robots.portal.writes.write import Write
from crm_robots.shared.actions import PostToFeed
from crm_robots.shared.items import to_id
from crm_robots.shared.markup import Markup


def _post(action: PostToFeed) -> Command:
    # Without DEST a post goes to the whole company.
    dest = [f"U{user_id}" for user_id in action.user_ids]
    return Command("log.blogpost.add", {"POST_TITLE": action.title, "POST_MESSAGE": action.text, "DEST": dest})


def notification(user_id: int, text: Markup) -> Command:
    """A notification that waits for no plan."""
    return Command("im.notify.system.add", {"USER_ID": user_id, "MESSAGE": text})


NOTIFY = Write(
    lambda action: notification(action.user_id, action.text),
    made_id=to_id,
)
POST = Write(_post, made_id=to_id)
