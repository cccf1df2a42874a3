"""References to things that a batch makes."""

import json

import pytest
from crm_robots.engine.references import in_batch, resolve, resolve_memory, tell_refusal, waits
from crm_robots.shared.actions import AddComment, AddItem, UpdateItem
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.items import ItemRef
from crm_robots.shared.markup import REFUSAL, Markup
from crm_robots.shared.plan import Cause, Plan, read_plan, to_json
from crm_robots.shared.reference import Reference

CONTACT = AddItem(key="contact", kind="contact", fields={"NAME": "Анна"}, mark="lead:17:contact")
DEAL = AddItem(key="deal", kind="deal", fields={"CONTACT_IDS": [CONTACT.made]}, mark="lead:17:deal")


def test_a_reference_becomes_the_id_of_what_was_made():
    assert resolve(DEAL, {"contact": 275}) == AddItem(
        key="deal", kind="deal", fields={"CONTACT_IDS": [275]}, mark="lead:17:deal"
    )


def test_a_reference_to_an_item_resolves_as_well():
    comment = AddComment(CONTACT.ref, "готово")

    assert waits(comment)
    assert resolve(comment, {"contact": 275}) == AddComment(ItemRef("contact", 275), "готово")


def test_what_is_not_made_yet_stays_a_reference():
    assert resolve(DEAL, {}) == DEAL


def test_an_action_without_references_is_the_very_same():
    update = UpdateItem(ItemRef("lead", 17), {"TITLE": "x"})
    assert resolve(update, {"contact": 1}) is update


def test_references_take_the_names_that_actions_have_in_a_shared_batch():
    params = {"fields": {"contactIds": [CONTACT.made], "title": "$result[contact] is a title"}}

    assert in_batch(params, "p3_", {"contact"}) == {
        "fields": {"contactIds": [Reference("p3_contact", ("item", "id"))], "title": "$result[contact] is a title"}
    }


def test_the_memory_holds_ids_and_nulls_for_what_was_never_made():
    memory = {"contact": CONTACT.made, "deal": DEAL.made}
    assert resolve_memory(memory, {"contact": 275}) == '{"contact":275,"deal":null}'


def test_the_portals_words_are_put_into_texts_whatever_quotes_they_hold():
    text = Markup("Портал отказал {}: {}").format("{refusal}", REFUSAL)
    told = tell_refusal(AddComment(ItemRef("lead", 17), text), 'поле "ИНН" пусто [b]')
    assert told == AddComment(ItemRef("lead", 17), 'Портал отказал {refusal}: поле "ИНН" пусто (b)')


def test_references_within_a_link_or_a_binding_become_digits():
    text = Markup("[URL=https://p.example/{}/]{}[/URL]").format(DEAL.made, "$result[deal][item][id]")
    comment = AddComment(DEAL.ref, text)

    for one in (comment, stored(comment)):
        assert resolve(one, {"deal": 77}) == AddComment(
            ItemRef("deal", 77), "[URL=https://p.example/77/]$result(deal)(item)(id)[/URL]"
        )


def stored(action):
    """As it comes back from the table."""
    plan = Plan(1, Cause("", "", 0), Decision({}, step(action)))
    return read_plan(to_json(plan)).decision.actions[0]


@pytest.mark.parametrize("typed", ["$result[contact][item][id]", '{"$": "made", "command": "contact", "path": []}'])
def test_what_people_typed_is_no_reference_in_an_action_a_plan_or_a_memory(typed):
    add = AddItem(key="deal", kind="deal", fields={"TITLE": typed, "CONTACT_IDS": [CONTACT.made]}, mark="m")
    made = {"contact": 275, "deal": 7}

    for action in (add, stored(add)):
        assert resolve(action, made).fields == {"TITLE": typed, "CONTACT_IDS": [275]}
    assert json.loads(resolve_memory({"seen": typed, "deal": CONTACT.made}, made)) == {"seen": typed, "deal": 275}
