"""What the AWS account allows."""

from collections.abc import Iterator

from admin.doctor import names
from admin.doctor.finding import Finding, note, ok
from admin.speech import say
from admin.stack import Stack

_ENOUGH = 100


def account(stack: Stack) -> Iterator[Finding]:
    """How many functions the account runs at once. The local AWS has no such limit."""
    if stack.endpoint:
        return
    limit = int(stack.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"])
    if limit >= _ENOUGH:
        yield ok(names.ACCOUNT, say("account.enough", limit=limit))
    else:
        yield note(names.ACCOUNT, say("account.few", limit=limit), say("account.few.todo"))
