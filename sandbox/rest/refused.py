"""Methods that need an application: a webhook is refused.

https://apidocs.bitrix24.com/local-integrations/local-webhooks.html
"""

from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.rest.call import Call, method

_APPLICATION = """
app.info app.option.get app.option.set user.option.get user.option.set
event.bind event.unbind event.get event.offline.get event.offline.list event.offline.clear event.offline.error
placement.bind placement.unbind placement.get placement.list
crm.automation.trigger.add crm.automation.trigger.list crm.automation.trigger.execute
crm.automation.trigger.delete
crm.activity.configurable.add crm.activity.configurable.update crm.activity.configurable.get
crm.activity.type.add crm.activity.type.list crm.activity.type.delete
crm.activity.layout.blocks.set crm.activity.layout.blocks.get crm.activity.layout.blocks.delete
crm.timeline.layout.blocks.set crm.timeline.layout.blocks.get crm.timeline.layout.blocks.delete
crm.timeline.logmessage.delete
bizproc.robot.add bizproc.robot.list bizproc.robot.delete bizproc.robot.update
bizproc.activity.add bizproc.activity.list bizproc.activity.delete bizproc.activity.update
bizproc.workflow.template.add bizproc.workflow.template.update bizproc.workflow.template.delete
"""
_WRONG_AUTH = """
telephony.externalCall.register telephony.externalCall.finish telephony.externalLine.add
telephony.externalLine.get
imconnector.register messageservice.sender.add messageservice.sender.list entity.add entity.get
"""


def _refuse(name: str, refusal: tuple[str, str, int]) -> None:
    @method(name, "basic")
    def refused(_: Call) -> Any:
        raise Refusal(*refusal)


for _name in _APPLICATION.split():
    _refuse(_name, ("ACCESS_DENIED", "Access denied! Application context required", 403))
for _name in _WRONG_AUTH.split():
    _refuse(_name, ("WRONG_AUTH_TYPE", "Current authorization type is denied for this method", 403))
