"""Runs a function of the bundle on events, one after another, in this process alone; imports nothing of ours.

Takes `{"folders": […], "events": […]}` on standard input; the last line of its output says what each event took.
"""

import json
import resource
import sys
import time
from types import SimpleNamespace

_CONTEXT = SimpleNamespace(
    function_name="bench",
    function_version="1",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:000000000000:function:bench",
    aws_request_id="bench",
)


def run() -> None:
    """`cpu`: milliseconds of the processor per event, the first with what a container makes once; `megabytes`: peak."""
    order = json.load(sys.stdin)
    sys.path[:0] = order["folders"]
    import app  # type: ignore[import-not-found]  # the function's, from the bundle

    spent: list[float] = []
    for event in order["events"]:
        start = time.process_time()
        app.lambda_handler(event, _CONTEXT)
        spent.append(1000 * (time.process_time() - start))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"\n{json.dumps({'cpu': spent, 'megabytes': peak})}\n")


if __name__ == "__main__":
    run()
