"""DynamoDB's condition and update expressions, as far as the robots' adapters use them; compiled once per text."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

type Row = dict[str, dict[str, Any]]
type Names = Mapping[str, str]
type Condition = Callable[[Row, Names, Row], bool]
type Operand = Callable[[Row, Names, Row], dict[str, Any] | None]

_TOKEN = re.compile(r"\s*(<>|<=|>=|[(),=<>+-]|[#:]?\w+)")
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def plain(value: dict[str, Any]) -> tuple[str, Any]:
    """A typed value as something that compares: by type, then by content."""
    (kind, content), *_ = value.items()
    return kind, Decimal(content) if kind == "N" else content


def holds(text: str, row: Row, names: Names, values: Row) -> bool:
    """Whether the row fulfils a condition."""
    return _condition(text)(row, names, values)


def changed(text: str, row: Row, names: Names, values: Row) -> Row:
    """The row after an update expression."""
    new = dict(row)
    for clause, target, operand in _changes(text):
        name = names.get(target, target)
        if clause == "REMOVE":
            new.pop(name, None)
            continue
        value = operand(row, names, values)
        assert value is not None, f"{text}: {target} gets nothing"
        new[name] = value
    return new


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = _TOKEN.findall(text)
        assert "".join(self.tokens) == re.sub(r"\s", "", text), f"cannot read {text}"

    def peek(self) -> str:
        return str(self.tokens[0]) if self.tokens else ""

    def take(self) -> str:
        return str(self.tokens.pop(0))

    def expect(self, token: str) -> None:
        assert self.take() == token, f"expected {token}"

    def condition(self) -> Condition:
        parts = [self._conjunction()]
        while self.peek() == "OR":
            self.take()
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else lambda *given: any(part(*given) for part in parts)

    def _conjunction(self) -> Condition:
        parts = [self._factor()]
        while self.peek() == "AND":
            self.take()
            parts.append(self._factor())
        return parts[0] if len(parts) == 1 else lambda *given: all(part(*given) for part in parts)

    def _factor(self) -> Condition:
        if self.peek() == "(":
            self.take()
            inside = self.condition()
            self.expect(")")
            return inside
        if self.peek() in ("attribute_exists", "attribute_not_exists"):
            wanted = self.take() == "attribute_exists"
            self.expect("(")
            path = self.take()
            self.expect(")")
            return lambda row, names, _: (names.get(path, path) in row) is wanted
        left, operator = self.operand(), self.take()
        if operator == "BETWEEN":
            low = self.operand()
            self.expect("AND")
            high = self.operand()
            return lambda *given: _compare("<=", low, left, given) and _compare("<=", left, high, given)
        right = self.operand()
        return lambda *given: _compare(operator, left, right, given)

    def operand(self) -> Operand:
        token = self.take()
        if token.startswith(":"):
            return lambda _row, _names, values: values[token]
        return lambda row, names, _: row.get(names.get(token, token))

    def value(self) -> Operand:
        left = self.operand()
        if self.peek() != "+":
            return left
        self.take()
        right = self.operand()
        return lambda *given: _sum(left(*given), right(*given))


def _compare(operator: str, left: Operand, right: Operand, given: Any) -> bool:
    one, other = left(*given), right(*given)
    if one is None or other is None:
        return False
    (kind, mine), (its, theirs) = plain(one), plain(other)
    return kind == its and _COMPARISONS[operator](mine, theirs)


def _sum(left: dict[str, Any] | None, right: dict[str, Any] | None) -> dict[str, Any]:
    assert left is not None
    assert right is not None
    return {"N": str(Decimal(left["N"]) + Decimal(right["N"]))}


@cache
def _condition(text: str) -> Condition:
    reader = _Reader(text)
    condition = reader.condition()
    assert not reader.tokens, f"cannot read the end of {text}"
    return condition


@cache
def _changes(text: str) -> tuple[tuple[str, str, Operand], ...]:
    reader = _Reader(text)
    changes: list[tuple[str, str, Operand]] = []
    clause = ""
    while reader.tokens:
        if reader.peek() in ("SET", "REMOVE"):
            clause = reader.take()
        elif reader.peek() == ",":
            reader.take()
        target = reader.take()
        if clause == "SET":
            reader.expect("=")
            changes.append((clause, target, reader.value()))
        else:
            assert clause == "REMOVE", f"cannot read {text}"
            changes.append((clause, target, lambda *_: None))
    return tuple(changes)
