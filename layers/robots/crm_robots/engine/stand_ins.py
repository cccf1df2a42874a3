"""S11 for every robot: decisions are addressed to people who work here before they are written down."""

from collections.abc import Callable

from msgspec.structs import replace

from crm_robots.shared.actions import Action, AddTask, AddTodo, Notify
from crm_robots.shared.decision import Decision, Step
from crm_robots.shared.people import Directory
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.stand_ins import addressed


class StandIns:
    """Applied to every decision before it is written down, so that a retry addresses the same people."""

    def __init__(self, directory: Callable[[], Directory], portal: Callable[[], PortalRules | None]) -> None:
        self._directory = directory
        self._portal = portal

    def __call__(self, decision: Decision) -> Decision:
        """The decision as it is where nobody is addressed, or all of them work here."""
        steps = decision.steps
        if not any(isinstance(one, Notify | AddTodo | AddTask) for step in steps for one in _all(step)):
            return decision
        portal = self._portal()
        if portal is None:
            return decision
        directory = self._directory()
        changed = tuple(
            replace(
                step,
                actions=addressed(step.actions, directory, portal),
                otherwise=addressed(step.otherwise, directory, portal),
            )
            for step in steps
        )
        return decision if changed == steps else Decision(decision.memory, changed)


def _all(step: Step) -> tuple[Action, ...]:
    return (*step.actions, *step.otherwise)
