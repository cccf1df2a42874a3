"""What went wrong, for the person at the keyboard."""

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, NoCredentialsError, NoRegionError
from crm_robots.portal.errors import PortalError
from crm_robots.records.parameters import MissingParameter

from admin.speech import say
from admin.stack import local_stack
from admin.trouble import Trouble, of_portal


def told(error: Exception, wanted: str | None) -> tuple[str, int]:
    """One line and the exit status; an error that nobody foresaw is raised. `wanted`: the stack asked for."""
    if isinstance(error, Trouble):
        return str(error), error.code
    if isinstance(error, PortalError):
        return of_portal(error), 1
    if isinstance(error, MissingParameter):
        return say("failure.not_set", path=error.path), 1
    if isinstance(error, BotoCoreError | ClientError):
        return _of_aws(error, wanted, local_stack()), 1
    raise error


def _of_aws(error: Exception, wanted: str | None, local: str | None) -> str:
    """`local`: the stack on this machine, which has another name."""
    if isinstance(error, NoCredentialsError | NoRegionError) and wanted and local and wanted != local:
        return say("failure.local_is_another", local=local, wanted=wanted)
    if isinstance(error, NoCredentialsError):
        return say("failure.no_credentials")
    if isinstance(error, NoRegionError):
        return say("failure.no_region")
    if isinstance(error, EndpointConnectionError):
        return say("failure.unreachable")
    if isinstance(error, ClientError):
        reason = error.response["Error"].get("Message", "")
        return say("failure.aws_refused", operation=error.operation_name, reason=reason)
    return str(error)
