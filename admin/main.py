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

from admin import speech
from admin.help import of_all, of_verb
from admin.last_language import last_language
from admin.misuse import told
from admin.session import AsJson, Session, StackName, to_json
from admin.verbs import VERBS


class _Verb(TyperCommand):
    """A verb whose help is in the command's language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """What it does, and its options."""
        formatter.write(of_verb(str(self.name), ctx.command_path, self.params))


class _Group(TyperGroup):
    """Turns a problem that the person can solve into one line and an exit status."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the framework's signature
        """All verbs, in the order of the help."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - the framework's signature
        """The verb with its options."""
        if cmd_name not in VERBS:
            return None
        module = VERBS[cmd_name]
        function = getattr(import_module(f"admin.commands.{module}"), module)
        info = CommandInfo(cmd_name, callback=function, cls=_Verb)
        return get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=self.rich_markup_mode)

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - the framework's signature
        """The list of verbs, without importing them."""
        formatter.write(of_all())

    def main(self, args: Sequence[str] | None = None, *rest: Any, **how: Any) -> Any:
        """An invalid command line is told in the command's language, and to programs in JSON, like everything else."""
        given = list(sys.argv[1:] if args is None else args)
        as_json = "--json" in given
        speech.speak(lambda: "en" if as_json else last_language(_stack_in(given)))
        try:
            sys.exit(super().main(given, *rest, **how | {"standalone_mode": False}) or 0)
        except TyperException as error:
            if as_json:
                typer.echo(to_json({"error": error.format_message()}))
            else:
                typer.echo(told(error), err=True)
            sys.exit(error.exit_code)
        except typer.Abort:
            if not as_json:
                typer.echo(speech.say("misuse.aborted"), err=True)
            sys.exit(130 if as_json else 1)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, TyperException):
            raise
        except Exception as error:
            from admin.failures import told as failure  # it loads AWS's library, which the help does not need

            run = ctx.find_object(Session)
            text, code = failure(error, run.stack_name)
            run.trouble(text)
            raise typer.Exit(code) from None


def _stack_in(given: Sequence[str]) -> str | None:
    """The stack that a command line names; the parser itself may not get so far."""
    for option, value in zip(given, [*given[1:], None], strict=False):
        if option == "--stack" or option.startswith("--stack="):
            return option.partition("=")[2] or value
    return None


app = typer.Typer(cls=_Group, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def _options(ctx: typer.Context, stack: StackName = None, as_json: AsJson = False) -> None:  # noqa: FBT002
    ctx.obj = Session(stack, as_json=as_json)
