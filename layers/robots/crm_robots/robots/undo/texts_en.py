"""What people read of the undo, in English. Both languages have the same keys and placeholders."""

REASONS = {
    "changed": "changed since",
    "added": "phones and addresses were added to those that were there, and stay",
    "unit": "the activity stays with whoever keeps the client",
    "gone": "the card is gone",
    "refused": "the portal did not take the earlier value",
    "busy": "the card is busy, run the command again",
}
"""Why a change stayed, for the report."""

WORDS = {
    "head": "An administrator took the robots' actions back.",
    "line": "• {label}: {new} → {old}",
}
"""What people read in timelines, tasks and notifications."""
