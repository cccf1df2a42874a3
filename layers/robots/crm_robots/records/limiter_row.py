"""The limiter's row of one portal: numbers of seconds, kept as whole milliseconds; every write returns all of them."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

_FAILED_CONDITION = "ConditionalCheckFailedException"


class LimiterRow:
    """One row of one DynamoDB table."""

    def __init__(self, client: Any, table: str, key: str) -> None:
        self._client = client
        self._table = table
        self._key = {"key": {"S": key}}

    def change(self, change: str, condition: str, values: Mapping[str, float]) -> tuple[bool, dict[str, float]]:
        """Whether the condition held, and the row as it is now."""
        try:
            written = self._client.update_item(
                TableName=self._table,
                Key=self._key,
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeValues={name: _number(value) for name, value in values.items()},
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as failure:
            if failure.response["Error"]["Code"] != _FAILED_CONDITION:
                raise
            response: dict[str, Any] = dict(failure.response)
            return False, _seconds(response.get("Item", {}))
        return True, _seconds(written["Attributes"])

    def raise_to(self, name: str, until: float) -> None:
        """Raises the value to this; raises `ClientError` if a larger one is there."""
        self._client.update_item(
            TableName=self._table,
            Key=self._key,
            UpdateExpression="SET #name = :until",
            ConditionExpression="attribute_not_exists(#name) OR #name < :until",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":until": _number(until)},
        )


def _number(seconds: float) -> dict[str, str]:
    return {"N": str(round(seconds * 1000))}


def _seconds(row: Mapping[str, Any]) -> dict[str, float]:
    return {name: int(value["N"]) / 1000 for name, value in row.items() if "N" in value}
