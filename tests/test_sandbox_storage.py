"""State survives a restart of the portal."""

from datetime import timedelta
from pathlib import Path

from sandbox.portal.clock import Clock
from sandbox.portal.core import Portal
from sandbox.portal.storage import Storage
from sandbox.seed import company
from tests.support.sandbox import rest


def opened(path: Path) -> tuple[Portal, Storage]:
    storage = Storage(path)
    return Portal(Clock(), storage), storage


def test_a_restart_finds_everything(tmp_path: Path) -> None:
    portal, storage = opened(tmp_path / "portal.sqlite3")
    assert portal.empty
    office = company(portal)
    fm = [{"typeId": "PHONE", "valueType": "WORK", "value": "+7999"}]
    lead = portal.as_user(5).create("lead", title="Нитки", fm=fm)
    gone = portal.as_user(5).create("lead", title="Иголки")
    portal.as_user(5).comment("lead", lead, "Да")
    portal.save()
    portal.as_user(5).delete("lead", gone)
    portal.clock.advance(timedelta(days=14))
    portal.save()
    storage.close()

    again, storage = opened(tmp_path / "portal.sqlite3")
    assert not again.empty
    assert rest(again, "crm.lead.list", select=["ID", "TITLE"]) == [{"ID": str(lead), "TITLE": "Нитки"}]
    assert [one["text"] for one in again.timeline.comments(1, lead)] == ["Да"]
    assert again.as_user(5).create("lead", title="Пуговицы") == gone + 1
    assert rest(again, "crm.duplicate.findbycomm", type="PHONE", values=["+7999"]) == {"LEAD": [lead]}
    new_phone = rest(again, "crm.item.update", entityTypeId=1, id=lead, fields={"fm": fm})["item"]["fm"]
    assert new_phone[0]["id"] != new_phone[1]["id"]
    assert again.clock.now() - Clock().now() > timedelta(days=13)
    assert again.stages.categories()[0]["id"] == office.categories["Общая"]
    storage.close()
