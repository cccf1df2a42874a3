"""The stack's DynamoDB tables, made as the template says, for tests that run on moto."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short functions as plain values."""


def _short_function(loader: _Loader, _tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _short_function)


@cache
def template() -> dict[str, Any]:
    """template.yaml as plain values; read once, for it takes half a second."""
    loaded: dict[str, Any] = yaml.load(TEMPLATE.read_text(), Loader=_Loader)
    return loaded


def create_tables(dynamodb: Any) -> None:
    """All tables of the template, each named after its resource."""
    for name, resource in template()["Resources"].items():
        if resource["Type"] == "AWS::DynamoDB::Table":
            wanted = resource["Properties"]
            request = {key: wanted[key] for key in _TAKEN if key in wanted}
            dynamodb.create_table(TableName=name, **request)


_TAKEN = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
