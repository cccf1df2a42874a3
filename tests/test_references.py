"""References to things that a batch makes."""

from crm_robots.engine.references import in_batch, resolve, resolve_memory, tell_refusal, waits
from crm_robots.shared.actions import AddComment, AddItem, UpdateItem
from crm_robots.shared.items import ItemRef

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
    params = {"fields": {"contactIds": [CONTACT.made], "title": "$result[price] is a title"}}

    assert in_batch(params, "p3_", {"contact"}) == {
        "fields": {"contactIds": ["$result[p3_contact][item][id]"], "title": "$result[price] is a title"}
    }


def test_the_memory_holds_ids_and_nulls_for_what_was_never_made():
    memory = {"contact": CONTACT.made, "deal": DEAL.made}
    assert resolve_memory(memory, {"contact": 275}) == '{"contact":275,"deal":null}'


def test_the_portals_words_are_put_into_texts_whatever_quotes_they_hold():
    told = tell_refusal(AddComment(ItemRef("lead", 17), "Портал отказал: {refusal}"), 'поле "ИНН" пусто')
    assert told == AddComment(ItemRef("lead", 17), 'Портал отказал: поле "ИНН" пусто')


def test_references_within_a_link_or_a_binding_become_digits():
    comment = AddComment(DEAL.ref, f"[URL=https://p.example{DEAL.ref.path}]сделка[/URL], {DEAL.ref.binding}")

    assert resolve(comment, {"deal": 77}) == AddComment(
        ItemRef("deal", 77), "[URL=https://p.example/crm/deal/details/77/]сделка[/URL], D_77"
    )
