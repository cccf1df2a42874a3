"""The stack's functions: renewed when they would go by what they read before, and started before anybody waits."""

import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import boto3
import httpx

from local_aws.settings import STACK, Stack

RECEIVERS = 4
"""Environments of the function behind the API, as many as the local AWS gives it (`ministack_functions.py`)."""


def renew() -> None:
    """Lets every function read tokens, portal and settings anew with its next event."""
    functions = boto3.client("lambda")
    for function in functions.list_functions()["Functions"]:
        name = function["FunctionName"]
        if name.startswith(f"{STACK}-"):
            # Something that an environment is made from has to be named; Description alone renews nothing.
            functions.update_function_configuration(FunctionName=name, Timeout=function["Timeout"])


def warm_up(stack: Stack, portal: str, token: str) -> None:
    """The first webhook finds everything started. Robots get no events, the receiver one that no robot wants."""
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
