"""How many client timers have a status. Reads the whole table, so it is used only when a status is removed."""

from typing import Any


def count_timers(client: Any, table: str, status: str) -> int:
    """Counts by the status's code."""
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        Select="COUNT",
        FilterExpression="#status = :status",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":status": {"S": status}},
    )
    return sum(page["Count"] for page in pages)
