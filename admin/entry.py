"""Where the `robots` script begins. The list of commands is shown without loading what runs them."""

import os
import sys


def run() -> None:
    """The help, or the command."""
    if sys.argv[1:] in (["--help"], []):
        from admin.help import of_all
        from admin.last_language import last_language
        from admin.speech import speak

        speak(lambda: last_language(None))
        sys.stdout.write(of_all())
        sys.exit(0 if sys.argv[1:] else 2)
    # What the robots' modules log has no place in an answer that a program reads.
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "CRITICAL")
    from admin.main import app

    app()
