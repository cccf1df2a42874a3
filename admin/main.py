"""The `robots` command."""

from typing import Any

import typer
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, NoCredentialsError, NoRegionError
from crm_robots.aws.parameters import MissingParameter
from crm_robots.bitrix24.errors import PortalError
from typer.core import TyperGroup

from admin.commands import check, daily, doctor, import_, inspect, journal, publish, redrive, reindex
from admin.session import AsJson, Session, StackName
from admin.trouble import Trouble


class _Group(TyperGroup):
    """Turns what a person can put right into one line and an exit status."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Trouble as error:
            ctx.find_object(Session).trouble(str(error))
            raise typer.Exit(error.code) from None
        except (PortalError, MissingParameter) as error:
            ctx.find_object(Session).trouble(str(error))
            raise typer.Exit(1) from None
        except (BotoCoreError, ClientError) as error:
            ctx.find_object(Session).trouble(_of_aws(error))
            raise typer.Exit(1) from None


def _of_aws(error: Exception) -> str:
    if isinstance(error, NoCredentialsError):
        return "AWS does not know who you are; configure credentials, for example with `aws configure`"
    if isinstance(error, NoRegionError):
        return "no local stack (`make up`), and no AWS region: set AWS_REGION, or AWS_PROFILE"
    if isinstance(error, EndpointConnectionError):
        return "AWS cannot be reached; is the local stack up (`make up`)?"
    if isinstance(error, ClientError):
        return f"AWS refused {error.operation_name}: {error.response['Error'].get('Message', '')}"
    return str(error)


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Settings, health and history of the CRM robots.",
)


@app.callback()
def _options(ctx: typer.Context, stack: StackName = None, as_json: AsJson = False) -> None:  # noqa: FBT002
    ctx.obj = Session(stack, as_json=as_json)


app.command()(publish.publish)
app.command()(check.check)
app.command()(doctor.doctor)
app.command()(inspect.inspect)
app.command()(journal.journal)
app.command()(redrive.redrive)
app.command()(reindex.reindex)
app.command()(daily.daily)
app.command("import")(import_.import_)
