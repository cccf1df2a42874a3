"""A parameter was edited in the AWS console: which sections that concerns, and their texts as they are now.

https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html
"""

from collections.abc import Mapping
from typing import Any

from crm_robots.records.parameters import Parameters
from crm_robots.settings.desk import Desk
from crm_robots.settings.publish import settled
from crm_robots.settings.review import hash_of
from crm_robots.settings.sections import SECTIONS


def changed_sections(detail: Mapping[str, Any], parameters: Parameters, desk: Desk) -> dict[str, str]:
    """Section -> YAML, empty for a deleted parameter; nothing if the text was published before.

    `robots publish` writes the same parameters and then compiles them itself, so most events bring nothing new.
    Other sections depend on the portal section's language and zone, so they are compiled again when it changes.
    """
    name = str(detail["name"]).rpartition("/")[2]
    if name not in SECTIONS:
        return {}
    texts = parameters.below("settings")
    if settled(name, hash_of(texts.get(name, "")), desk):
        return {}
    return texts if name == "portal" else {name: texts.get(name, "")}
