"""Requests of API Gateway's proxy integration, and answers to it."""

import base64
import json
from typing import Any


def header(request: dict[str, Any], name: str) -> str:
    """One header, whatever its case; empty if absent."""
    headers = request.get("headers") or {}
    return next((str(value) for key, value in headers.items() if key.lower() == name and value), "")


def query(request: dict[str, Any], name: str) -> str:
    """One parameter of the address; empty if absent."""
    return (request.get("queryStringParameters") or {}).get(name) or ""


def body(request: dict[str, Any]) -> bytes:
    """The body as it was sent; `ValueError` if its base64 is broken."""
    text = request.get("body") or ""
    return base64.b64decode(text) if request.get("isBase64Encoded") else text.encode(errors="surrogatepass")


def arrival(request: dict[str, Any]) -> float:
    """When the API took the request, unix seconds."""
    return float(request["requestContext"]["requestTimeEpoch"]) / 1000


def caller_address(request: dict[str, Any]) -> str:
    """The address that the API's connection came from; headers, which anybody may write, do not count."""
    return str((request["requestContext"].get("identity") or {}).get("sourceIp") or "")


def base(request: dict[str, Any]) -> str:
    """Address of our API as the caller sees it, custom domains included; no slash at the end.

    The local AWS names no domain, and has one address for the APIs of all stacks.
    """
    context = request["requestContext"]
    if domain := context.get("domainName"):
        own = request["resource"].count("/")  # steps of the path that are ours; before them: stage or base path
        return f"https://{domain}{context['path'].rstrip('/').rsplit('/', own)[0]}"
    host = header(request, "host")
    return f"http://{host}/restapis/{context['apiId']}/{context['stage']}/_user_request_"


def json_answer(status: int, content: dict[str, Any]) -> dict[str, Any]:
    """An answer in JSON."""
    headers = {"content-type": "application/json; charset=utf-8", "cache-control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(content, ensure_ascii=False)}
