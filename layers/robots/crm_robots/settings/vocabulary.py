"""The portal's names for fields, dropdown items and stages, as the journal tells them (T1)."""

from crm_robots.settings.portal_data import PortalData, PortalField
from crm_robots.shared.words.catalog import Catalog, FieldWords


def catalog_of(data: PortalData, language: str, timezone: str) -> Catalog:
    """All that publishing has read."""
    fields: dict[str, dict[str, FieldWords]] = {}
    for (kind, code), one in data.fields.items():
        fields.setdefault(kind, {})[code] = _words(one)
    leads = {stage.id: stage.name for stage in data.stages.get(None, ())}
    deals = {stage.id: stage.name for number, some in data.stages.items() if number is not None for stage in some}
    return Catalog(language, timezone, fields, {"lead": leads, "deal": deals})


def _words(one: PortalField) -> FieldWords:
    return FieldWords(one.label, one.type, {str(item.id): item.value for item in one.items})
