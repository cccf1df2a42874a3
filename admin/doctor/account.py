"""What the AWS account allows."""

from collections.abc import Iterator

from admin.doctor.finding import Finding, note, ok
from admin.stack import Stack

_ENOUGH = 100
_TITLE = "functions at once"


def account(stack: Stack) -> Iterator[Finding]:
    """How many functions the account runs at once. The local AWS has no such limit."""
    if stack.endpoint:
        return
    limit = int(stack.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"])
    if limit >= _ENOUGH:
        yield ok(_TITLE, f"the account runs {limit}")
    else:
        text = f"the account runs {limit}; a mass edit of two kinds of card at once could lose webhooks"
        todo = "ask for 1,000 in Service Quotas → AWS Lambda → Concurrent executions; it is free"
        yield note(_TITLE, text, todo)
