"""What was told lately, in the memory table: of several functions with the same trouble, one tells."""

from typing import Any


def is_first(client: Any, table: str, right: str, *, now: int, for_seconds: int) -> bool:
    """Whether nobody has told of this right lately; from now on somebody has. `now`: unix seconds."""
    try:
        client.put_item(
            TableName=table,
            Item={
                "item": {"S": f"notice:{right}"},
                "robot": {"S": "access"},
                "expires": {"N": str(now + for_seconds)},
            },
            ConditionExpression="attribute_not_exists(#expires) OR #expires < :now",
            ExpressionAttributeNames={"#expires": "expires"},
            ExpressionAttributeValues={":now": {"N": str(now)}},
        )
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True
