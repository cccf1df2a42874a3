"""What went wrong, for the person at the keyboard."""

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, NoCredentialsError, NoRegionError
from crm_robots.portal.errors import PortalError
from crm_robots.records.parameters import MissingParameter

from admin.stack import local_stack
from admin.trouble import Trouble, of_portal


def told(error: Exception, wanted: str | None) -> tuple[str, int]:
    """One line and the exit status; an error that nobody foresaw is raised. `wanted`: the stack asked for."""
    if isinstance(error, Trouble):
        return str(error), error.code
    if isinstance(error, PortalError):
        return of_portal(error), 1
    if isinstance(error, MissingParameter):
        return str(error), 1
    if isinstance(error, BotoCoreError | ClientError):
        return _of_aws(error, wanted, local_stack()), 1
    raise error


def _of_aws(error: Exception, wanted: str | None, local: str | None) -> str:
    """`local`: the stack on this machine, which has another name."""
    if isinstance(error, NoCredentialsError | NoRegionError) and wanted and local and wanted != local:
        return f"the local stack is {local}, not {wanted}; for one on AWS set AWS_REGION and AWS_PROFILE"
    if isinstance(error, NoCredentialsError):
        return "AWS does not know who you are; configure credentials, for example with `aws configure`"
    if isinstance(error, NoRegionError):
        return "no local stack (`make up`), and no AWS region: set AWS_REGION, or AWS_PROFILE"
    if isinstance(error, EndpointConnectionError):
        return "AWS cannot be reached; is the local stack up (`make up`)?"
    if isinstance(error, ClientError):
        return f"AWS refused {error.operation_name}: {error.response['Error'].get('Message', '')}"
    return str(error)
