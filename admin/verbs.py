"""The verbs of the `robots` command: where each one lives, and what it does."""

from typing import NamedTuple


class Verb(NamedTuple):
    """`module`: in `admin/commands`, with a function of the same name."""

    module: str
    does: str


VERBS = {
    "publish": Verb("publish", "Publish a settings file. A section with faults keeps its last good version."),
    "check": Verb("check", "Check a settings file against the portal; write nothing."),
    "doctor": Verb("doctor", "Check every prerequisite and say what to do."),
    "inspect": Verb("inspect", "Show the timer of a card, what each robot last saw and did, and when."),
    "journal": Verb("journal", "Show what robots wrote to the portal, newest last."),
    "undo": Verb("undo", "Take back what robots did to a card, or in one run. What people changed since stays."),
    "redrive": Verb("redrive", "Put events that robots gave up on back into their queues, in order."),
    "reindex": Verb("reindex", "Read every tracked card and correct its timer. Safe to repeat."),
    "daily": Verb("daily", "Run the day for all clients' statuses and wait until it is finished."),
    "load": Verb("load", "Show how many clients each manager has, in which state, and what looks odd."),
    "rebalance": Verb(
        "rebalance", "Move clients from managers who have more than N to colleagues of their department who have room."
    ),
    "requisites": Verb(
        "requisites", "Complete empty requisites from the directory and report what differs. Overwrites nothing."
    ),
    "import": Verb("import_", "Set the statuses of many cards. No call is asked for and nobody is told."),
    "export": Verb("export", "Write every card of a kind with name, responsible, status and since."),
}
