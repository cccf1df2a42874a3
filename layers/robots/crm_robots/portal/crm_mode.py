"""Whether the portal has leads at all.

https://apidocs.bitrix24.com/api-reference/crm/crm-settings-mode-get.html
"""

from crm_robots.portal.commands import Reply

CRM_MODE = "crm.settings.mode.get"
_SIMPLE = "2"


def is_simple(reply: Reply) -> bool:
    """Simple CRM mode: no leads. A portal that does not tell is taken to have them."""
    return reply.error is None and str(reply.result) == _SIMPLE
