"""R7: a draw that somebody doubts is explained in words."""

from crm_robots.robots.routing import draw
from crm_robots.robots.routing.ballot import Company, ballot
from crm_robots.robots.routing.describe import describe
from crm_robots.robots.routing.memory import MainDraw, RoutingMemory
from crm_robots.robots.routing.turns import Turn

from tests.support.routing import BORIS, CLARA, DIMA, DIRECTORY, EVA, FEDOR, NOON, PORTAL, SERVICES, make_lead

COMPANY = Company(DIRECTORY, frozenset({CLARA}), admins=(FEDOR,))
MOUNTING = ballot(SERVICES[0], make_lead(), COMPANY, [])


def test_r7_a_lot_is_told_with_everybody_who_took_part_and_who_did_not():
    drawn = draw.at_random(MOUNTING, 0.75, NOON)
    memory = RoutingMemory(draws=(drawn,), deals={drawn.service: 12}, main=MainDraw(DIMA, "random", (DIMA, EVA), 0.25))

    assert describe(memory, DIRECTORY, PORTAL) == [
        "2026-01-12 12:00 Монтаж → Дима: жребий среди 2",
        "  сделка 12",
        "  участвовали: Борис, Дима",
        "  жребий: 0.750000 от 0 до 1, по порядку списка",
        "  отсутствуют: Клара",
        "  больше не работают: Уволенный",
        "Главный менеджер: Дима, жребий 0.250000 из: Дима, Ева",
    ]


def test_r7_turns_are_told_with_their_numbers():
    drawn = draw.in_turn(MOUNTING, Turn(BORIS, {BORIS: 4, DIMA: 5}), NOON)
    told = describe(RoutingMemory(draws=(drawn,)), DIRECTORY, PORTAL)
    assert "  очередей до этого выбора: Борис 4, Дима 5" in told
    assert "  сделка ещё не создана" in told


def test_r7_a_draw_that_could_not_know_who_is_away_says_so():
    blind = ballot(SERVICES[0], make_lead(), Company(DIRECTORY, absences_known=False, admins=(FEDOR,)), [])
    told = describe(RoutingMemory(draws=(draw.at_random(blind, 0.0, NOON),)), DIRECTORY, PORTAL)
    assert "  кто отсутствует, портал не сообщил" in told
