"""Events for changed parameters, which MiniStack's Parameter Store does not send. Imported by MiniStack's own
interpreter."""

import json
from functools import partial
from typing import Any

from ministack import app
from ministack.services import eventbridge, ssm

# AWS sends them after some seconds too; by then `robots publish` has usually compiled what it wrote.
PARAMETER_CHANGE_AFTER = 5


def install() -> None:
    """Sends EventBridge a "Parameter Store Change" for each."""
    put, delete, delete_several = ssm._put_parameter, ssm._delete_parameter, ssm._delete_parameters

    def tell(operation: str, name: str) -> None:
        detail = json.dumps({"operation": operation, "name": name, "type": "String"})
        entry = {"Source": "aws.ssm", "DetailType": "Parameter Store Change", "Detail": detail}
        send = partial(eventbridge._put_events, {"Entries": [entry]}, allow_aws_source=True)
        app._MAIN_LOOP.call_soon_threadsafe(app._MAIN_LOOP.call_later, PARAMETER_CHANGE_AFTER, send)

    def put_and_tell(data: dict[str, Any]) -> Any:
        operation = "Update" if data.get("Name") in ssm._parameters else "Create"
        answer = put(data)
        if answer[0] == 200:
            tell(operation, data["Name"])
        return answer

    def delete_and_tell(data: dict[str, Any]) -> Any:
        answer = delete(data)
        if answer[0] == 200:
            tell("Delete", data["Name"])
        return answer

    def delete_several_and_tell(data: dict[str, Any]) -> Any:
        answer = delete_several(data)
        for name in json.loads(answer[2]).get("DeletedParameters", ()):
            tell("Delete", name)
        return answer

    ssm._put_parameter = put_and_tell
    ssm._delete_parameter, ssm._delete_parameters = delete_and_tell, delete_several_and_tell
