"""The `robots` command."""

import sys
from collections.abc import Sequence
from typing import Any

import typer
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, NoCredentialsError, NoRegionError
from crm_robots.portal.errors import PortalError
from crm_robots.records.parameters import MissingParameter
from typer.core import TyperGroup
from typer.exceptions import TyperException

from admin.commands import (
    check,
    daily,
    doctor,
    export,
    import_,
    inspect,
    journal,
    publish,
    redrive,
    reindex,
    requisites,
    undo,
)
from admin.session import AsJson, Session, StackName, to_json
from admin.stack import local_stack
from admin.trouble import Trouble, of_portal


class _Group(TyperGroup):
    """Turns a problem that the person can solve into one line and an exit status."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **how: Any) -> Any:
        """An invalid command line is reported to programs in JSON, like everything else."""
        given = list(sys.argv[1:] if args is None else args)
        if "--json" not in given:
            return super().main(args, *rest, **how)
        try:
            sys.exit(super().main(given, *rest, **how | {"standalone_mode": False}) or 0)
        except TyperException as error:
            typer.echo(to_json({"error": error.format_message()}))
            sys.exit(error.exit_code)
        except typer.Abort:
            sys.exit(130)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Trouble as error:
            ctx.find_object(Session).trouble(str(error))
            raise typer.Exit(error.code) from None
        except PortalError as error:
            ctx.find_object(Session).trouble(of_portal(error))
            raise typer.Exit(1) from None
        except MissingParameter as error:
            ctx.find_object(Session).trouble(str(error))
            raise typer.Exit(1) from None
        except (BotoCoreError, ClientError) as error:
            run = ctx.find_object(Session)
            run.trouble(_of_aws(error, run.stack_name, local_stack()))
            raise typer.Exit(1) from None


def _of_aws(error: Exception, wanted: str | None, local: str | None) -> str:
    """`wanted`: the stack that was asked for; `local`: the one on this machine, which has another name."""
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
app.command()(requisites.requisites)
app.command("import")(import_.import_)
app.command()(export.export)
app.command()(undo.undo)
