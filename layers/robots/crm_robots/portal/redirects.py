"""Which redirects are the portal's new name. The webhook's secret goes along with the request, so few are followed.

A renamed portal answers every call with a redirect to the same path at its new host.
https://github.com/bitrix24/b24restdocs/blob/main/settings/how-to-call-rest-api/change-domen.md
"""

from ipaddress import ip_address

import httpx

_SECOND_LEVEL = {"co", "com", "net", "org", "gov", "edu", "ac", "msk", "spb", "in", "or", "ne"}
"""Below a country's domain these belong to everybody: crm.acme.co.uk and crm.evil.co.uk share no owner."""


def is_rename(configured: httpx.URL, asked: httpx.URL, target: httpx.URL) -> bool:
    """Whether `target`, to which `asked` redirects, is a new name of the portal that is `configured`."""
    is_elsewhere = (target.scheme, target.netloc) != (asked.scheme, asked.netloc)
    is_safe = target.scheme == "https" or target.scheme == configured.scheme == "http"
    is_ours = is_family(configured.host, target.host) or _is_same_machine(configured, target)
    return is_elsewhere and is_safe and target.path == asked.path and is_ours


def is_family(one: str, other: str) -> bool:
    """The same host, or names below one that has an owner: acme and acme-2 of bitrix24.ru, crm and www of acme.ru."""
    one, other = one.lower().rstrip("."), other.lower().rstrip(".")
    if one == other:
        return True
    if not (one and other) or _is_address(one) or _is_address(other):
        return False
    shared = _shared(one.split("."), other.split("."))
    is_everybodys = len(shared) == 2 and len(shared[1]) == 2 and shared[0] in _SECOND_LEVEL
    return len(shared) > 1 and not is_everybodys


def _is_same_machine(one: httpx.URL, other: httpx.URL) -> bool:
    """A portal for trying things out, under its two local names."""
    return {one.host, other.host} <= {"localhost", "127.0.0.1", "::1"} and one.port == other.port


def _shared(one: list[str], other: list[str]) -> list[str]:
    """The labels that both end in."""
    both: list[str] = []
    for mine, theirs in zip(reversed(one), reversed(other), strict=False):
        if mine != theirs:
            break
        both.insert(0, mine)
    return both


def _is_address(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
