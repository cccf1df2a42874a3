"""What the platform forces: the measure that the bench holds floods against."""

from typing import Any

from bench.forced import fewest


def batch(*methods: tuple[str, int]) -> dict[str, Any]:
    names = [method for method, count in methods for _ in range(count)]
    return {"method": "batch", "params": {"cmd": {str(i): f"{name}?x=1" for i, name in enumerate(names)}}}


def test_reads_that_wait_for_an_answer_are_forced():
    assert fewest([batch(("crm.item.list", 2)), batch(("crm.item.list", 1))]) == 2


def test_full_reads_go_together_with_what_follows():
    assert fewest([batch(("crm.item.list", 1)), *[batch(("crm.duplicate.findbycomm", 50))] * 3]) == 4


def test_writes_that_are_not_full_could_have_been():
    assert fewest([batch(("crm.timeline.comment.add", 48))] * 3 + [batch(("crm.timeline.comment.add", 6))]) == 3


def test_links_wait_for_the_ids_of_what_is_made():
    assert fewest([batch(("crm.item.add", 10)), batch(("crm.timeline.comment.add", 10))]) == 2
