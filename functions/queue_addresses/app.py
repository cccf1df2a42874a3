"""Keeps the addresses of Bitrix24's queue. Schedule -> the list that is published -> the parameter of the receiver."""

import time
from typing import Any

from aws_lambda_powertools import Logger
from crm_robots.portal.address_list import fetch_list
from crm_robots.wiring import address_book

logger = Logger()

# Bitrix24 asks for no more than one request a minute. Lambda repeats a failed run after one and two minutes.
_PAUSE_SECONDS = 60


@logger.inject_lambda_context
def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """If anything fails, the kept list stays."""
    book, now = address_book(), int(time.time())
    kept = book.kept()
    if now - kept.at >= _PAUSE_SECONDS:
        kept = kept.followed_by(fetch_list(book.http, book.url), now)
        book.keep(kept)
    logger.info("the queue's addresses", listed=len(kept.listed), left=len(kept.left))
    return {"listed": len(kept.listed), "left": len(kept.left), "at": kept.at}
