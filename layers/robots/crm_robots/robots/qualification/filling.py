"""Q11: what was sent by the fill-in page is checked again and written; the timeline says what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crm_robots.robots.qualification.case import Case
from crm_robots.robots.qualification.changes import lines
from crm_robots.robots.qualification.form import read_form
from crm_robots.robots.qualification.memory import KEPT, LAPSED, OUTDATED, WRITTEN, LeadMemory
from crm_robots.robots.qualification.values import Value
from crm_robots.robots.qualification.writing import writes
from crm_robots.shared.actions import UpdateItem
from crm_robots.shared.items import Item
from crm_robots.shared.markup import NOTHING, Markup


@dataclass(frozen=True, slots=True)
class Filled:
    """What becomes of the sendings at hand."""

    values: Mapping[str, Value]
    """The lead's values once the writes are done."""
    writes: tuple[UpdateItem, ...] = ()
    text: Markup = NOTHING
    told: frozenset[str] = frozenset()
    """Fields whose change `text` tells."""
    ends: dict[str, str] = field(default_factory=dict)
    """How each sending ends."""
    refused_text: Markup = NOTHING
    """Instead of `text`, when the portal refuses the writes."""


def fill(lead: Item, values: Mapping[str, Value], memory: LeadMemory, case: Case) -> Filled:
    """Takes one sending after another; each finds the fields that those before it have filled."""
    ends: dict[str, str] = {}
    after = dict(values)
    open_pages = {form.digest: form for form in memory.forms}
    for one in case.sendings:
        page = open_pages.get(one.digest)
        if page is None or page.lapsed_at_api(one.received):
            ends[one.name] = LAPSED
            continue
        reading = read_form(one.form, after, case.rules, case.words)
        ends[one.name] = OUTDATED if reading.wrong else WRITTEN if reading.values else KEPT
        after |= {} if reading.wrong else reading.values
    changed = [code for code in after if after[code] != values.get(code)]
    return _written(lead, values, after, changed, ends, case) if changed else Filled(values, ends=ends)


def _written(
    lead: Item,
    values: Mapping[str, Value],
    after: Mapping[str, Value],
    changed: Sequence[str],
    ends: dict[str, str],
    case: Case,
) -> Filled:
    told = lines(changed, values, after, case.words)
    return Filled(
        values=after,
        writes=writes(lead, {code: after[code] for code in changed}, values, case.rules, "Q11"),
        text=case.texts.changes("by_page", told),
        told=frozenset(changed),
        ends=ends,
        refused_text=case.texts.changes("page_refused", told),
    )
