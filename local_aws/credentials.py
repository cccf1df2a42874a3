"""Puts the portal's secrets where the functions look for them."""

import boto3
from botocore.exceptions import ClientError

from local_aws.settings import STACK

PORTAL = f"/{STACK}/secrets/portal-webhook"
TOKENS = f"/{STACK}/secrets/application-tokens"


def stored(name: str) -> str | None:
    """What the parameter holds; None where there is none."""
    try:
        return boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
        return None


def store(portal: str, tokens: str) -> None:
    """Writes both secrets."""
    ssm = boto3.client("ssm")
    wanted = {PORTAL: portal, TOKENS: tokens}
    before = {name: stored(name) for name in wanted}
    if before == wanted:
        return
    for name, value in wanted.items():
        ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)
