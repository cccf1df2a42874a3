"""The `robots` command. A verb's module is imported when that verb is called."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command_from_info
from typer.models import CommandInfo

from admin.session import AsJson, Session, StackName, to_json
from admin.verbs import VERBS


class _Group(TyperGroup):
    """Turns a problem that the person can solve into one line and an exit status."""

    _is_listing = False

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the framework's signature
        """All verbs, in the order of the help."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - the framework's signature
        """The verb with its options; the list of verbs needs no more than what each one does."""
        if cmd_name not in VERBS:
            return None
        if self._is_listing:
            return TyperCommand(cmd_name, help=VERBS[cmd_name].does)
        verb = VERBS[cmd_name]
        function = getattr(import_module(f"admin.commands.{verb.module}"), verb.module)
        info = CommandInfo(cmd_name, callback=function)
        return get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=self.rich_markup_mode)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The list of verbs, without importing them."""
        self._is_listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._is_listing = False

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
        except (typer.Exit, typer.Abort, TyperException):
            raise
        except Exception as error:
            from admin.failures import told  # it loads AWS's library, which the help does not need

            run = ctx.find_object(Session)
            text, code = told(error, run.stack_name)
            run.trouble(text)
            raise typer.Exit(code) from None


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
