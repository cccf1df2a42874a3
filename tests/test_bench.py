"""How measurements become the tables of docs/speed.md and six figures, and the portal they are measured on."""

import httpx
import pytest

from bench import figures, limit
from bench.__main__ import PAGE, ROOT, inserted, tables
from bench.peers import updates
from bench.portal_traffic import stand_in
from bench.row import Row, at_most
from bench.stand_in import CARDS, Clock, Portal


def test_rows_become_a_table_per_title():
    text = tables(
        [at_most("Speed", "requests", 1.02, 1.05), Row("Peers", "them", "40 ×"), Row("Speed", "x", "2", "1", False)]
    )
    assert text.split("\n\n")[0].splitlines() == [
        "| Speed | measured | goal | |",
        "| --- | --- | --- | --- |",
        "| requests | 1.02 × | ≤ 1.05 × | ✓ |",
        "| x | 2 | 1 | **missed** |",
    ]
    assert "| them | 40 × |  |  |" in text


def test_the_page_keeps_everything_around_the_tables():
    once = inserted("# Title\n\n<!-- bench -->\nold\n<!-- /bench -->\n\nafter\n", "new\n")
    assert once == "# Title\n\n<!-- bench -->\n\nnew\n\n<!-- /bench -->\n\nafter\n"
    assert inserted(once, "new\n") == once


def rows_of_the_page() -> list[Row]:
    found, title = [], ""
    for line in PAGE.read_text().partition("<!-- bench -->")[2].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if cells[1:3] == ["measured", "goal"]:
            title = cells[0]
        elif len(cells) == 4:
            found.append(Row(title, *cells[:3]))
    return found


@pytest.mark.parametrize(("name", "language"), [("README.md", "en"), ("README.ru.md", "ru")])
def test_section_9_the_readmes_show_six_figures_of_the_tables(name: str, language: str):
    shown = (ROOT / name).read_text().split(figures.BEGIN)[1].split(figures.END)[0].strip()

    assert len(shown.splitlines()) == 2 + 6
    assert shown == figures.table(rows_of_the_page(), language)


def test_a_figure_that_no_table_has_is_named():
    with pytest.raises(LookupError, match="Events, each alone"):
        figures.table([], "en")


def test_the_stand_in_blocks_the_51st_request():
    portal = Portal()
    assert [portal.admits() for _ in range(51)].count(False) == 1
    assert portal.counts()["refused"] == 1


@pytest.mark.parametrize(
    ("query", "ids"), [("filter[@id][0]=7&filter[@id][1]=99999", [7]), ("filter[>id]=11999", [CARDS])]
)
def test_the_stand_in_lists_its_cards(query, ids):
    _, reply, seconds = Portal().batch({"a": f"crm.item.list?{query}&start=-1"})
    assert [row["id"] for row in reply["result"]["result"]["a"]["items"]] == ids
    assert seconds == 0.15


def test_the_stand_in_breaks_where_it_was_told_to():
    portal = Portal()
    portal.reset({"fail_at": 0, "fail_after": 2, "fail_as": "500"})
    status, _, _ = portal.batch({str(n): f"crm.item.update?id={n}&fields[UF_CRM_STATUS]=7" for n in range(5)})
    assert status == 500
    assert portal.counts()["applied"] == 2


def test_prepared_requests_do_the_whole_work_and_are_never_refused():
    with stand_in(Clock(1)) as url, limit.ready(url, updates(3)) as process:
        limit.go(process)
        assert 0.45 <= limit.seconds(process) < 5
        assert httpx.post(f"{url}/bench", json={}).json() == {"requests": 1, "refused": 0, "applied": 3, "twice": 0}
