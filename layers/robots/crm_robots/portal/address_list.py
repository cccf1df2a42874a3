"""Fetches the list of the queue's addresses that Bitrix24 publishes."""

import httpx

from crm_robots.portal.queue_addresses import NoList, read_list

MOST_BYTES = 64 * 1024


def fetch_list(http: httpx.Client, url: str) -> tuple[str, ...]:
    """The addresses that are listed now; `NoList` says what was found instead."""
    body = b""
    with http.stream("GET", url) as response:
        if response.status_code != httpx.codes.OK:
            raise NoList(f"it answers {response.status_code}")
        for piece in response.iter_bytes():
            body += piece
            if len(body) > MOST_BYTES:
                raise NoList(f"it is longer than {MOST_BYTES // 1024} KB")
    return read_list(body)
