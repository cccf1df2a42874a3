"""log.blogpost.*: the live feed. Without `DEST` a post goes to everybody.

https://apidocs.bitrix24.com/api-reference/log/
"""

import re
from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.portal.pages import Page
from sandbox.portal.store import Row
from sandbox.portal.values import as_list
from sandbox.rest.call import Call, method
from sandbox.rest.rows import columns, page_of

_ERROR = "SONET_CONTROLLER_LIVEFEED_BLOGPOST_ADD_ERROR"
_COLUMNS = columns("ID:integer DATE_PUBLISH:datetime", DATE_PUBLISH="at")


@method("log.blogpost.add", "log")
def add(call: Call) -> int:
    """Writes a post; only administrators write in somebody else's name."""
    text = str(call.get("post_message") or "").strip()
    if not text:
        raise Refusal(_ERROR, "Message text is empty")
    to = [str(one) for one in as_list(call.get("dest", ["UA"]))]
    if not to or not all(re.fullmatch(r"UA|(?:U|DR|SG|G)\d+", one) for one in to):
        raise Refusal(_ERROR, "No destination specified")
    author = int(call.get("user_id") or call.user_id)
    if author != call.user_id and not call.portal.people.is_admin(call.user_id):
        raise Refusal(_ERROR, "Access denied")
    important = str(call.get("important") or "N")
    return call.portal.news.post(str(call.get("post_title") or ""), text, to, author, important=important)


def _show(row: Row) -> dict[str, Any]:
    return {
        "ID": str(row["id"]),
        "BLOG_ID": "1",
        "PUBLISH_STATUS": "P",
        "TITLE": row["title"] or row["text"][:50],
        "AUTHOR_ID": str(row["by"]),
        "NUM_COMMENTS": "0",
        "CODE": None,
        "MICRO": "N" if row["title"] else "Y",
        "DETAIL_TEXT": row["text"],
        "DATE_PUBLISH": row["at"],
        "HAS_SOCNET_ALL": "Y" if "UA" in row["to"] else "N",
    }


@method("log.blogpost.get", "log")
def posts(call: Call) -> Page:
    """Posts that the owner may read, newest first; by `POST_ID` or by addressees (`LOG_RIGHTS`)."""
    rights = {str(one) for one in as_list(call.get("log_rights"))}
    mine = {row["id"] for row in call.portal.news.feed(call.user_id)}
    admin = call.portal.people.is_admin(call.user_id)
    tests = [lambda row: admin or row["id"] in mine]
    given: dict[str, Any] = {}
    if call.get("post_id"):
        given["ID"] = call.get("post_id")
    elif rights:
        tests.append(lambda row: bool(rights & set(row["to"])))
    page = page_of(call, call.portal.tables.posts, _COLUMNS, given, tests, {"ID": "DESC"})
    return Page([_show(row) for row in page.result], page.total, page.next)
