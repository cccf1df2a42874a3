"""The way into the robots' queues."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any


class Inbox:
    """`urls`: robot -> the address of its queue."""

    def __init__(self, client: Any, urls: Mapping[str, str]) -> None:
        self._client = client
        self._urls = urls

    def put(self, robots: Sequence[str], message: dict[str, Any], request_id: str) -> None:
        """One message per robot, all at once, in the order of arrival per item; raises when a queue refuses.

        Two updates within a second look alike, so the deduplication id comes from the request.
        """
        body = json.dumps(message, ensure_ascii=False)

        def send(robot: str) -> None:
            self._client.send_message(
                QueueUrl=self._urls[robot],
                MessageBody=body,
                MessageGroupId=message["item"],
                MessageDeduplicationId=request_id,
            )

        if len(robots) == 1:
            return send(robots[0])
        with ThreadPoolExecutor(len(robots)) as pool:
            list(pool.map(send, robots))
        return None
