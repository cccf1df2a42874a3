"""MiniStack as we need it on this machine. Run by MiniStack's own interpreter, so it imports nothing of ours.

MiniStack runs functions with the interpreter and packages of its environment. So that a package which a layer
lacks is noticed, that environment holds MiniStack alone; SAM's translator is borrowed from the environment of
the SAM command, in this process only.
"""

import asyncio
import datetime
import hashlib
import json
import sys
import tempfile
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

# Execution environments per function. AWS starts as many as there are requests; here each is a process of its
# own that takes a second to start, and the next request had better wait for one that is warm.
WARM_ENVIRONMENTS = 2
SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"


def limit_environments() -> None:
    """Lets an invocation wait for a warm environment instead of starting one more."""
    from ministack.services import lambda_svc

    run = lambda_svc._execute_function_warm
    slots: dict[str, threading.BoundedSemaphore] = {}

    def run_in_turn(function: dict[str, Any], *args: Any) -> Any:
        arn = function.get("config", function).get("FunctionArn", "")
        with slots.setdefault(arn, threading.BoundedSemaphore(WARM_ENVIRONMENTS)):
            return run(function, *args)

    lambda_svc._execute_function_warm = run_in_turn


def unpack_once() -> None:
    """Lets environments share what they unpack: MiniStack unpacks every layer anew for each, for seconds."""
    from ministack.core import lambda_runtime

    folder = Path(tempfile.mkdtemp(prefix="unpacked-"))
    one_at_a_time = threading.Lock()

    class SharedZip(zipfile.ZipFile):
        """A zip whose content is linked into place."""

        def namelist(self) -> list[str]:
            return []  # asked for only to look for paths that lead outside: these zips are ours

        def extractall(self, path: Any = None, *_: Any) -> None:
            kept = folder / hashlib.sha256(Path(str(self.filename)).read_bytes()).hexdigest()
            with one_at_a_time:
                if not kept.exists():
                    super().extractall(kept, super().namelist())
            for entry in kept.iterdir():
                (Path(path) / entry.name).symlink_to(entry)

    lambda_runtime.zipfile = SimpleNamespace(**vars(zipfile) | {"ZipFile": SharedZip})


def run_groups_side_by_side() -> None:
    """Lets the groups of a FIFO queue run side by side, as AWS does; MiniStack takes one batch at a time.

    A group that is being worked on is left out of the next batch by the queue itself.
    """
    from ministack.services import lambda_svc

    lambda_svc._sqs_esm_concurrency = lambda *_: WARM_ENVIRONMENTS


def give_each_message_to_one() -> None:
    """Lets the event source take and delete messages between two requests of the API, not in the midst of one.

    It works on a thread of its own beside the API's loop; without turns, a message that a function drains is handed
    out twice, and one that is sent meanwhile is lost.
    """
    from ministack import app
    from ministack.services import sqs

    def in_turn(work: Any) -> Any:
        async def once(*args: Any) -> Any:
            return work(*args)

        return lambda *args: asyncio.run_coroutine_threadsafe(once(*args), app._MAIN_LOOP).result()

    sqs._receive_messages_for_esm = in_turn(sqs._receive_messages_for_esm)
    sqs._delete_messages_for_esm = in_turn(sqs._delete_messages_for_esm)


def fill_in_scheduled_times() -> None:
    """Puts the time into the input of a schedule, as EventBridge Scheduler does."""
    from ministack.services import eventbridge

    invoke = eventbridge._invoke_target

    def invoke_with_time(target: dict[str, Any], event: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if SCHEDULED_TIME in target.get("Input", ""):
            moment = datetime.datetime.fromtimestamp(int(event["Time"]), datetime.UTC)
            text = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
            target = {**target, "Input": target["Input"].replace(SCHEDULED_TIME, text)}
        return invoke(target, event, *args, **kwargs)

    eventbridge._invoke_target = invoke_with_time


def read_policies_as_aws_does() -> None:
    """Two matters in which MiniStack's IAM is narrower than AWS's.

    A batch of SQS is allowed with the action of its single calls. Policies may name the parameters that
    GetParameters and GetParametersByPath read; MiniStack asks about one resource, so the first stands for all.
    """
    from ministack.core import iam_actions

    action_of, resource_of = iam_actions.extract_iam_action, iam_actions.extract_resource_arn

    def action(service: str, *args: Any) -> Any:
        found = action_of(service, *args)
        return found.removesuffix("Batch") if service == "sqs" and found else found

    def resource(
        service: str, method: str, path: str, headers: Any, body: bytes, query: Any, region: str, account: str
    ) -> Any:
        found = resource_of(service, method, path, headers, body, query, region, account)
        if service != "ssm" or found != "*":
            return found
        asked = json.loads(body or b"{}")
        name = next(iter(asked.get("Names", ())), asked.get("Path", ""))
        return f"arn:aws:ssm:{region}:{account}:parameter/{name.lstrip('/')}" if name else "*"

    iam_actions.extract_iam_action, iam_actions.extract_resource_arn = action, resource


def main(translator: str) -> None:
    """Serves until it is told to stop. `translator`: the folder that SAM's translator is imported from."""
    sys.path.append(translator)
    limit_environments()
    unpack_once()
    run_groups_side_by_side()
    give_each_message_to_one()
    fill_in_scheduled_times()
    read_policies_as_aws_does()
    from ministack.app import main as serve

    sys.argv = sys.argv[:1]
    serve()


if __name__ == "__main__":
    main(sys.argv[1])
