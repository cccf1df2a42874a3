"""What people read of the qualification robot, in English. Both languages have the same keys and placeholders."""

WORDS = {
    "changed": "Changed:",
    "not_needed": "No longer needed for “{direction}”, the values are kept:",
    "returned": "The lead was put back to the stage “{stage}”: required fields are empty.",
    "remind": "The lead is at the stage “{stage}”, but required fields are empty:",
    "converted": "The lead is already converted, but required fields are empty:",
    "not_returned": "Required fields are empty:",
    "portal_refused": "The portal refused to put the lead back to the stage “{stage}”: {refusal}. The robot will "
    "try again after the next change of the lead.",
    "filled": "All required fields are filled.",
    "notice": "Lead {lead} was put back to the stage “{stage}”: empty: {fields}.",
    "offer": "The direction “{direction}” asks for:",
    "offer_link": "[URL={link}]Fill in on a page[/URL]. The link works for {hours} h.",
    "by_page": "Filled in on the page:",
    "page_refused": "Filled in on the page, but the portal refused to write it: {refusal}.",
    "todo": "Fill in: {fields}",
    "todo_text": "Without these fields the lead cannot go on:",
    "ask": "A change waits for consent; for now the old value is back:",
    "ask_link": "[URL={link}]Confirm or decline[/URL]. The link works for {hours} h.",
    "replaced": "The earlier link no longer works.",
    "notify": "Lead {lead}: a change waits for your consent.",
    "not_put_back": "The change needs consent, but the portal refused to restore the old value: {refusal}.",
    "confirmed": "The change was confirmed by the link:",
    "declined": "The change was declined by the link, the old value stays:",
    "offered": "proposed: {new}",
    "overtaken": "There is nothing to confirm, the value was changed otherwise:",
    "lapsed": "Nobody confirmed the change in time, the old value stays:",
    "not_confirmed": "The change was confirmed by the link, but the portal refused to write it: {refusal}.",
    "handed_user": "The responsible is now {name}: the lead is complete, and they handle “{direction}”.",
    "handed_team": "The responsible is now {name}: the lead is complete, the department “{team}” handles "
    "“{direction}”, and they have the fewest open leads: {count}.",
    "nobody": "There is nobody to hand the lead to: {whom}. The responsible stays.",
    "nobody_user": "the person who handles “{direction}” no longer works here",
    "nobody_team": "the department “{team}” has no people",
    "away_user": "the person who handles “{direction}” is away today",
    "away_team": "everybody of the department “{team}” is away today",
    "not_handed": "The portal refused to change the responsible: {refusal}.",
}
"""What people read in timelines, tasks and notifications."""

DEALS = {
    "returned": "The deal was put back to the stage “{stage}”: required fields are empty.",
    "remind": "The deal is at the stage “{stage}”, but required fields are empty:",
    "converted": "The deal is already won, but required fields are empty:",
    "portal_refused": "The portal refused to put the deal back to the stage “{stage}”: {refusal}. The robot will "
    "try again after the next change of the deal.",
    "notice": "Deal {lead} was put back to the stage “{stage}”: empty: {fields}.",
    "no_client": "{fields} (the deal has neither a contact nor a company)",
    "todo_text": "Without these fields the deal cannot go on:",
    "notify": "Deal {lead}: a change waits for your consent.",
}
"""Where it keeps deals: in place of the texts of leads that name the card."""

FORM = {
    "option": "Choose one of the options.",
    "one_option": "Choose a single option.",
    "number": "Enter a number, for example 1250.5.",
    "integer": "Enter a whole number, for example 4.",
    "currency": "Choose a currency.",
    "date": "Enter a date, for example 2026-01-31.",
    "datetime": "Enter a date and a time, for example 2026-01-31T09:30.",
    "link": "Enter the address of a page, for example https://example.com.",
    "email": "Enter an address, for example name@example.com.",
    "phone": "Enter a phone number with its code, for example +7 916 123-45-67.",
    "too_long": "At most {most} characters.",
    "too_many": "At most {most} lines.",
}
"""What the fill-in page says of an answer that a field does not take."""

VALUES = {
    "empty": "empty",
    "quoted": "“{item}”",
    True: "yes",
    False: "no",
    "or": " or ",
    "misfit": "{item} does not go with {chosen}",
    "removed": "a removed item",
    "file": "a file",
    "person": "a person who is no longer there",
    "link": "a CRM item",
}
"""How values of fields and requirements are written."""

WHY = {
    "Q3": "A lead with gaps does not pass the gate stage.",
    "Q4": "The responsible is told what is missing; the to-do is closed once all is filled.",
    "Q5": "Changes of qualification fields are noted in the timeline.",
    "Q6": "Fields of the former direction are no longer needed; their values stay.",
    "Q7": "A change of a filled field needs consent.",
    "Q8": "A lead without gaps goes to whoever looks after its direction.",
    "Q10": "Once a direction is chosen, people are told which fields it asks for.",
    "Q11": "What was entered on the fill-in page is written.",
    "Q12": "The item of a list has to go with the item of the list that it depends on.",
    "Q13": "The field is required while its condition holds.",
    "Q14": "The stage has a next step for the responsible.",
    "Q15": "A deal with gaps does not pass the gate stage.",
    "S11": "The head stands in for somebody who left.",
}
"""The robot's rules, each in a sentence, for the journal (T1)."""
