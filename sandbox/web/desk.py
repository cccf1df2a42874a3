"""The control panel («Пульт»): clock, faults, limits, webhooks, absences."""

from starlette.responses import Response

from sandbox.portal.faults import BREAKAGES, REFUSALS
from sandbox.portal.incoming import SCOPES
from sandbox.portal.types import DEAL, LEAD
from sandbox.web.fields import FieldView
from sandbox.web.switches import SWITCHES
from sandbox.web.visit import Visit

HERE = "/desk/"


def show(visit: Visit) -> Response:
    """Shows every switch."""
    portal = visit.portal
    with portal.lock:
        return visit.page(
            "desk.html",
            faults=portal.faults,
            kinds_of_faults=[*REFUSALS, *BREAKAGES],
            events=portal.outbox.faults,
            limits=portal.limits,
            incoming=portal.incoming.rows(),
            scopes=SCOPES,
            outgoing=[{**row, "url": row["url"].partition("?")[0]} for row in portal.tables.outgoing],
            directory=portal.directory,
            away={row["id"]: portal.people.away_until(row["id"], portal.clock.now()) for row in portal.tables.users},
            demands=_demands(visit),
            stages={kind: _stages(visit, kind) for kind in ("lead", "deal")},
            demandable={kind: _demandable(visit, kind) for kind in ("lead", "deal")},
        )


def switch(visit: Visit) -> Response:
    """Operates the switch that the address names; an error is shown on the panel."""
    deed = SWITCHES.get(visit.path("switch"))
    if deed is None:
        return visit.go(HERE, visit.word("Такого переключателя нет", "There is no such switch"), bad=True)
    try:
        with visit.portal.lock:
            deed(visit)
    except (ValueError, KeyError, OverflowError) as error:
        return visit.go(HERE, f"{visit.word('Не получилось', 'It did not work')}: {error}", bad=True)
    return visit.go(HERE, visit.word("Сделано", "Done"))


def _stages(visit: Visit, kind: str) -> list[tuple[str, str]]:
    """Every stage of a kind as (code, name); deals with the funnel before it."""
    stages = visit.portal.stages
    if kind == "lead":
        return [(one["STATUS_ID"], one["NAME"]) for one in stages.of(LEAD.id)]
    return [
        (one["STATUS_ID"], f"{funnel['name']}: {one['NAME']}")
        for funnel in stages.categories()
        for one in stages.of(DEAL.id, funnel["id"])
    ]


def _demandable(visit: Visit, kind: str) -> list[tuple[str, str]]:
    view = FieldView(visit.portal, kind, visit.language)
    return [(name, view.label(field)) for name, field in view.fields().items() if not field.read_only]


def _demands(visit: Visit) -> list[str]:
    """What stages demand, in words."""
    kinds = {LEAD.id: "lead", DEAL.id: "deal"}
    lines = []
    for row in visit.portal.tables.requirements:
        kind = kinds[row["type"]]
        view, names = FieldView(visit.portal, kind, visit.language), dict(_stages(visit, kind))
        field = view.fields().get(row["field"])
        label = view.label(field) if field else row["field"]
        lines.append(f"{', '.join(names.get(one, one) for one in row['stages'])} → {label}")
    return lines
