"""The settings file of the demo: settings/settings.yaml with what the story shows and a usual company may not want."""

from pathlib import Path
from textwrap import indent

from crm_robots.settings.source import split

from local_aws.settings import LOCAL, ROOT

SETTINGS = ROOT / "settings" / "settings.yaml"
WITHOUT_LEADS = ("portal", "qualification", "lost_deal", "client_status")

_CHANGES = (
    ("transfer: none ", "transfer: supervisor "),
    ("skip_when: {} ", "skip_when: {UF_CRM_TARGET_CLIENT: НЕТ} "),
    ("due_field: null ", "due_field: UF_CRM_STATUS_DUE "),
    ("snooze: null ", "snooze: {until_field: UF_CRM_SNOOZE_UNTIL, reason_field: UF_CRM_SNOOZE_WHY, most_days: 90} "),
    ("capacity: null ", "capacity: 2 "),
)
_DEALS = """\
  deals:
    category: Общая
    gate_stage: В работе
    contact_required: [PHONE|EMAIL]
    direction_field: UF_CRM_DEAL_DIRECTION_KIND
    fields:
      UF_CRM_DEAL_DIRECTION_KIND: {label: Направление, type: enumeration, values: [Опт, Розница]}
      UF_CRM_DEAL_MONTHLY: {label: Сколько метров в месяц, type: integer}
    directions:
      Опт: {required: [UF_CRM_DEAL_MONTHLY]}
      Розница: {}
"""


def write_settings(*, simple: bool) -> Path:
    """Writes the file and returns where it is. `simple`: for a portal without leads, where deals are qualified."""
    text = SETTINGS.read_text()
    for old, new in _CHANGES:
        text = _changed(text, old, new)
    if simple:
        pieces = split(_changed(text, "  deals: null ", f"{_DEALS}  # "))
        text = "\n".join(f"{name}:\n{indent(pieces[name].text, '  ')}" for name in WITHOUT_LEADS)
    path = LOCAL / "demo-settings.yaml"
    path.write_text(text)
    return path


def _changed(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        raise ValueError(f"{SETTINGS.name} has no longer one line with {old!r}")
    return text.replace(old, new)
