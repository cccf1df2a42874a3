"""MiniStack with our changes. Run by MiniStack's own interpreter, so it imports nothing of ours.

MiniStack runs functions with the interpreter and packages of its environment. That environment holds MiniStack alone,
so that a package missing from a layer is noticed. Only this process takes SAM's translator, from the environment of the
SAM command.
"""

import datetime
import json
import sys
from pathlib import Path
from typing import Any

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"


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
    """Corrects two points in which MiniStack's IAM is narrower than AWS's.

    A batch call of SQS is allowed by the action of the single call. Policies may name the parameters that
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
    sys.path += [translator, str(Path(__file__).parent)]  # at the end: they hide no module
    import ministack_functions
    import ministack_parameters
    import ministack_queues
    from ministack.app import main as serve

    ministack_functions.install()
    ministack_parameters.install()
    ministack_queues.install()
    fill_in_scheduled_times()
    read_policies_as_aws_does()

    sys.argv = sys.argv[:1]
    serve()


if __name__ == "__main__":
    main(sys.argv[1])
