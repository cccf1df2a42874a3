"""One botocore session and one client per service: the first client costs tens of milliseconds, each further one
two."""

import os
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import get_session

# Short time-outs: a function must not spend its run time waiting for a table.
_CONFIG = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "max_attempts": 4})
# For the receiver: the API waits no longer than 29 s, and what was read last may stand in.
_QUICK = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})


@cache
def _session() -> Any:
    return get_session()


@cache
def client(service: str, *, quick: bool = False) -> Any:
    """A client of that AWS service, made once. `AWS_ENDPOINT_URL` points it to a local AWS."""
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    return _session().create_client(service, region_name=region, config=_QUICK if quick else _CONFIG)
