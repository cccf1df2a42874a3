"""What people typed is shown in a terminal, and never obeyed by it."""

import io
import json

import pytest
from rich.table import Table

from admin.session import SafeConsole, Session, escaped, to_json

NASTY = "Иван\x1b]0;pwned\x07\x1b[2J\x9b31m\u202e\r[red]Петров"


@pytest.mark.parametrize("is_terminal", [True, False])
def test_section_10_no_title_speaks_to_the_terminal(is_terminal):
    """Section 10: journal, inspect and import print what anybody may have typed into a card."""
    out = io.StringIO()
    console = SafeConsole(file=out, force_terminal=is_terminal, width=200)
    table = Table("card", box=None)
    table.add_row(escaped(NASTY))
    for shown in (escaped(NASTY), table):
        console.print(shown)

    text = out.getvalue()
    assert text.count("Иван") == text.count("Петров") == 2
    for command in ("\x1b]", "\x1b[2J", "\x9b", "\x07", "\u202e", "\r"):
        assert command not in text


def test_section_10_the_consoles_of_the_command_are_of_that_kind():
    run = Session(None, as_json=False)
    assert isinstance(run.out, SafeConsole)
    assert isinstance(run.err, SafeConsole)


def test_section_10_json_that_is_shown_in_a_terminal_is_harmless_and_says_the_same():
    text = to_json({"title": NASTY})

    assert json.loads(text) == {"title": NASTY}
    assert not any(command in text for command in ("\x1b", "\x9b", "\u202e"))
