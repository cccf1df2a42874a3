"""One run of the command: which stack, and whether a person or a program reads the answer."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Annotated, Any

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from admin import speech
from admin.last_language import last_language, remember
from admin.speech import say
from admin.stack import Stack

StackName = Annotated[str | None, typer.Option("--stack")]
AsJson = Annotated[bool, typer.Option("--json")]


# Whoever edits a card types what the command prints: no title may move the cursor, colour the terminal or turn a line
# around. Line feeds and tabs are no danger; JSON itself escapes what stands below the space.
_COMMANDS_OF_TERMINALS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


_SHOWN = "\ufffd"


class SafeConsole(Console):
    """Shows commands of terminals in texts as a sign that stands for what cannot be shown."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """As rich does, which sends its own commands apart from texts."""
        for segment in super().render(renderable, options):
            if segment.control or not _COMMANDS_OF_TERMINALS.search(segment.text):
                yield segment
            else:
                yield Segment(_COMMANDS_OF_TERMINALS.sub(_SHOWN, segment.text), segment.style)


def to_json(document: Any, **how: Any) -> str:
    """JSON that may be shown in a terminal."""
    text = json.dumps(document, ensure_ascii=False, default=str, **how)
    return _COMMANDS_OF_TERMINALS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class Session:
    """Answers go to stdout, everything else to stderr."""

    def __init__(self, stack_name: str | None, *, as_json: bool) -> None:
        self.stack_name = stack_name
        self.as_json = as_json

    @cached_property
    def stack(self) -> Stack:
        """The stack that the command is about."""
        return Stack.find(self.stack_name)

    @cached_property
    def language(self) -> str:
        """That of the stack's settings, or what the stack spoke last, or the terminal's. Programs read English."""
        if self.as_json:
            return "en"
        try:
            from admin.settings_in_force import portal_rules  # it loads AWS's library, which the help does not need

            rules = portal_rules(self.stack)
        except Exception:  # whatever is in the way of this question, the command itself meets it and says so
            return last_language(self.stack_name)
        if rules:
            remember(self.stack_name, rules.language)
        return rules.language if rules else speech.of_environment()

    @cached_property
    def out(self) -> Console:
        """The console for answers. It does not wrap lines, for grep."""
        console = SafeConsole(highlight=False, soft_wrap=True)
        return console if console.is_terminal else SafeConsole(highlight=False, soft_wrap=True, width=200)

    @cached_property
    def err(self) -> Console:
        """The console for progress and problems."""
        return SafeConsole(stderr=True, highlight=False, soft_wrap=True)

    def answer(self, document: Any, show: Callable[[Console], None]) -> None:
        """The document for a program, or what `show` makes of it for a person."""
        if self.as_json:
            typer.echo(to_json(document, indent=2))
        else:
            show(self.out)

    def answer_in(self, language: str) -> None:
        """From now on in that language; programs read English all the same."""
        if not self.as_json:
            speech.speak(lambda: language)

    def trouble(self, text: str) -> None:
        """The one line about what went wrong."""
        if self.as_json:
            typer.echo(to_json({"error": text}))
        else:
            self.err.print(f"[red]✗[/red] {escaped(text)}")

    def name_the_place(self, *, aside: bool = False) -> None:
        """Stack and portal, before anything else, so that nobody mistakes the demo for the company, or the other way
        round. `aside`: the answer is read by a program."""
        from admin.settings_in_force import portal_host  # as above

        place = say("where.local") if self.stack.endpoint else say("where.aws", region=self.stack.region)
        line = say("where", stack=self.stack.name, place=place, portal=portal_host(self.stack) or say("where.nowhere"))
        console = self.err if aside or self.as_json else self.out
        console.print(f"[dim]{escaped(line)}[/dim]")

    @contextmanager
    def busy(self, text: str) -> Iterator[None]:
        """A spinner while something takes long."""
        if self.as_json or not self.err.is_terminal:
            yield
            return
        with self.err.status(text):
            yield

    @contextmanager
    def progress(self, what: str) -> Iterator[Callable[[int, int | None], None]]:
        """A progress bar: it is told how much is done and, if known, how much there is."""
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.completed} " + what), TimeRemainingColumn())
        with Progress(*columns, console=self.err, disable=self.as_json, transient=True) as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)


def escaped(text: str) -> str:
    """Text whose square brackets are no markup, and which says nothing to the terminal."""
    return _COMMANDS_OF_TERMINALS.sub(_SHOWN, text).replace("[", r"\[")


def session(ctx: typer.Context, stack: str | None, as_json: bool) -> Session:  # noqa: FBT001 - typer hands it over so
    """The run's session; the options may stand before the verb or after it."""
    found: Session = ctx.find_root().obj
    found.stack_name = stack or found.stack_name
    found.as_json = as_json or found.as_json
    speech.speak(lambda: found.language)
    return found
