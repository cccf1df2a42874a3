"""One POST to the portal's REST API. Logs and errors never contain the address.

The webhook's URL is its password, and httpx puts URLs into INFO log lines and into the texts of its errors.
"""

import logging
from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from crm_robots.portal.commands import number
from crm_robots.portal.errors import AccessLost, Busy, PortalError, error_of, error_of_status
from crm_robots.portal.queries import as_typed
from crm_robots.portal.redirects import is_rename

for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

TIMED_OUT = "TIMED_OUT"
REDIRECTED = "REDIRECTED"
MOST_BYTES = 64 * 1024 * 1024
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
_MOVED = {301, 302, 303, 307, 308}
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def _no_address() -> AccessLost:
    words = "the incoming webhook's address must begin with https:// and name the portal"
    return AccessLost("", description=words, right="incoming webhook: what is set is no address")


class Transport:
    """Posts JSON to `<webhook URL>/<method>`; follows a renamed portal to its new host, and no other redirect."""

    def __init__(self, webhook_url: str, http: httpx.Client) -> None:
        try:
            self._configured = self._root = httpx.URL(webhook_url.strip().rstrip("/"))
        except httpx.InvalidURL:
            raise _no_address() from None
        if self._root.scheme not in {"http", "https"} or not self._root.host:
            raise _no_address()
        self._http = http

    @property
    def host(self) -> str:
        """Host, and port if it is not the usual one."""
        return self._root.netloc.decode()

    @property
    def origin(self) -> str:
        """`https://acme.bitrix24.example`, the beginning of links to cards."""
        return f"{self._root.scheme}://{self.host}"

    def post(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """The reply as it came, with `result` in it; everything else is raised."""
        content = msgspec.json.encode(params, enc_hook=_plain_dict)
        response, body = self._send(method, content)
        if response.status_code in _MOVED:
            self._follow(method, response)
            response, body = self._send(method, content)
        if response.status_code in _MOVED:
            self._root = self._configured
            raise _redirected(method, response)
        try:
            return self._reply(method, response, body)
        except PortalError as error:
            if not error.code or isinstance(error, AccessLost):
                self._root = self._configured  # what answers at the new host may be no portal at all
            raise

    def _send(self, method: str, content: bytes) -> tuple[httpx.Response, bytes]:
        url = self._root.copy_with(path=f"{self._root.path}/{method}")
        try:
            with self._http.stream("POST", url, content=content, headers=_HEADERS, follow_redirects=False) as response:
                return response, _bounded(method, response)
        except httpx.HTTPError as failure:
            self._root = self._configured  # a new host that fails was perhaps none: the next request asks the old one
            if isinstance(failure, _NOT_SENT):
                raise Busy(method, "NO_CONNECTION", type(failure).__name__, applied=False) from None
            code = TIMED_OUT if isinstance(failure, httpx.TimeoutException) else "NO_ANSWER"
            raise Busy(method, code, type(failure).__name__) from None

    def _follow(self, method: str, response: httpx.Response) -> None:
        """Only the host is taken from `Location`: the path is ours, and the body goes along as it was."""
        target = _target(response)
        if target is None or not is_rename(self._configured, response.url, target):
            self._root = self._configured
            raise _redirected(method, response)
        self._root = self._configured.copy_with(scheme=target.scheme, netloc=target.netloc.rpartition(b"@")[2])

    def _reply(self, method: str, response: httpx.Response, body: bytes) -> dict[str, Any]:
        status = response.status_code
        try:
            reply = msgspec.json.decode(as_typed(body))
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise _timed(error_of_status(method, status, "the answer is not JSON"), response) from None
        if isinstance(reply, dict) and reply.get("error") is not None:
            text = str(reply.get("error_description") or "").replace(self._root.path, "…")
            raise _timed(error_of(method, reply["error"], text, status), response)
        if not isinstance(reply, dict) or "result" not in reply or status >= 400:
            raise _timed(error_of_status(method, status, "the answer has no result"), response)
        return reply


def _target(response: httpx.Response) -> httpx.URL | None:
    try:
        return response.url.join(response.headers.get("location", ""))
    except httpx.InvalidURL:
        return None


def _redirected(method: str, response: httpx.Response) -> Busy:
    """An outage like any other: a page for maintenance or for signing on stands in the portal's way. It has our path
    and body by no fault of the portal's API, which did nothing.
    """
    target = _target(response)
    there = f"{target.scheme}://{target.host}" if target and target.host else "nowhere"
    words = f"the portal redirects its API to {there}, where robots do not follow: a page to sign on or of maintenance?"
    return Busy(method, REDIRECTED, words, response.status_code, applied=False)


def _bounded(method: str, response: httpx.Response) -> bytes:
    """The body; its end is not read if it is larger than any reply that we ask for."""
    chunks, size = [], 0
    for chunk in response.iter_bytes():
        chunks.append(chunk)
        size += len(chunk)
        if size > MOST_BYTES:
            raise Busy(method, "TOO_LARGE", "the answer is larger than 64 MB", response.status_code)
    return b"".join(chunks)


def _timed(error: PortalError, response: httpx.Response) -> PortalError:
    if isinstance(error, Busy):
        error.retry_after = number(response.headers.get("retry-after"))
    return error


def _plain_dict(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)
