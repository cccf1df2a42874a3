"""Addresses that administrators write: names of the portal's hosts, and services that are sent clients' data."""

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from crm_robots.portal.hosts import read_host
from crm_robots.settings.base import HttpUrl


def _host(text: str) -> str:
    host = read_host(text)
    if host is None:
        raise PydanticCustomError("host", "name of a host")
    return str(host)


Host = Annotated[str, Field(max_length=255), AfterValidator(_host)]


_METADATA = ("metadata.google.internal", "metadata.goog", "instance-data.ec2.internal")


def _of_a_service(address: str) -> str:
    """We send clients' data there: encrypted, or on this machine, and never to a cloud's metadata."""
    try:
        url = urlsplit(address)
        host, port = (url.hostname or "").rstrip("."), url.port
    except ValueError:
        host, port = "", None
    is_fine = bool(host) and port != 0 and "@" not in url.netloc and host not in _METADATA
    if not (is_fine and (_is_loopback(host) if url.scheme == "http" else _may_be_asked(host))):
        raise PydanticCustomError("address", "https address")
    return address


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _may_be_asked(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return not re.fullmatch(r"(0x[0-9a-f]*|[0-9]+)", host.rpartition(".")[2])  # 2852039166 is 169.254.169.254
    mapped = getattr(address, "ipv4_mapped", None) or address
    is_metadata = mapped in (ip_address("fd00:ec2::254"), ip_address("100.100.100.200"))
    return not (mapped.is_link_local or mapped.is_multicast or mapped.is_unspecified or is_metadata)


ServiceUrl = Annotated[HttpUrl, AfterValidator(_of_a_service)]
