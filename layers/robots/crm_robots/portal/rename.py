"""The new address of a renamed portal: it answers every call at its old address with a redirect.

https://github.com/bitrix24/b24restdocs/blob/main/settings/how-to-call-rest-api/change-domen.md
"""

import http.client
from urllib.parse import urlsplit

_MOVED = {301, 302, 303, 307, 308}
_PATIENCE_SECONDS = 3.0


def new_host(portal_webhook: str) -> str:
    """Host, and port if there is one, to which the incoming webhook's address redirects; empty if it does not."""
    old = urlsplit(portal_webhook.strip())
    connect = http.client.HTTPSConnection if old.scheme == "https" else http.client.HTTPConnection
    connection = connect(old.hostname or "", old.port, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("POST", f"{old.path.rstrip('/')}/server.time")
        response = connection.getresponse()
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()
    new = urlsplit(response.getheader("Location", ""))
    is_safe = new.scheme in {"https", old.scheme}
    return new.netloc.rpartition("@")[2] if response.status in _MOVED and is_safe else ""
