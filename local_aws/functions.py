"""The stack's functions: restarted when they hold old values, and started before the first webhook waits for them."""

import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import boto3
import httpx

from local_aws.settings import STACK, Stack

RECEIVERS = 4
"""Environments of the function behind the API, as many as the local AWS gives it (`ministack_functions.py`)."""


def renew() -> None:
    """Makes every function read tokens, portal and settings again with its next event."""
    functions = boto3.client("lambda")
    for function in functions.list_functions()["Functions"]:
        name = function["FunctionName"]
        if name.startswith(f"{STACK}-"):
            # MiniStack restarts a function only if something of its environment changes; the description is not enough.
            functions.update_function_configuration(FunctionName=name, Timeout=function["Timeout"])


def warm_up(stack: Stack, portal: str, token: str) -> None:
    """Starts the functions before the first webhook: robots with an empty batch, the receiver with an event that no
    robot wants."""
    mappings = boto3.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    with ThreadPoolExecutor() as pool:
        for mapping in mappings:
            pool.submit(_invoke, mapping["FunctionArn"])
        for _ in range(RECEIVERS):
            pool.submit(_knock, stack, portal, token)
        pool.submit(httpx.get, f"{stack.webhooks}/confirm/0-none", timeout=60)


def _invoke(function: str) -> None:
    boto3.client("lambda").invoke(FunctionName=function, Payload=json.dumps({"Records": []}))


def _knock(stack: Stack, portal: str, token: str) -> None:
    form = {
        "event": "ONAPPTEST",
        "data[FIELDS][ID]": "1",
        "ts": "0",
        "auth[domain]": urlsplit(portal).netloc,
        "auth[application_token]": token,
    }
    httpx.post(f"{stack.webhooks}/webhooks/all", data=form, timeout=60)
