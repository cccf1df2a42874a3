"""What people read of the conversion robot, in English. Both languages have the same keys and placeholders."""

WORDS = {
    "inn_digits": "{label}: must have 10 or 12 digits",
    "inn_zeros": "{label}: nothing but zeros",
    "inn_checksum": "{label}: the checksum does not fit, please check the digits",
    "bik_digits": "{label}: must have 9 digits",
    "account_digits": "{label}: must have 20 digits",
    "account_key": "{label}: the account does not fit the BIK, please check both",
    "contact_made": "Contact made: {link}",
    "contact_found": "The client is in the CRM already: {link}",
    "company_made": "Company made: {link}",
    "company_found": "The company is in the CRM already: {link}",
    "choose_contact": "Who is the client of the lead {lead}? Several contacts fit. Choose on the page: {link} The "
    "link works for {hours} hours.",
    "choose_company": "Which company does the lead {lead} belong to? Several fit. Choose on the page: {link} The "
    "link works for {hours} hours.",
    "to_be_chosen": "Several cards fit: {links}. The responsible chooses which one is right; nothing is linked "
    "until then.",
    "page": "choose a card",
    "differs": "According to the directory “{name}” differs: {fields}.",
    "difference": "{field}: {ours} → {theirs}",
    "ready": "Everything is ready for a contract",
    "not_ready": "For a contract these are missing: {papers}.",
    "stop_list": "The client is in the stop list: {reasons}.",
    "filled": "The card was completed from the lead.",
    "notes": "Beside the phone it says: {notes}",
    "not_carried": "Not carried over to the deal: {values}. Please add these items to the deal's field.",
    "value": "{field} — “{label}”",
    "others": "Other cards fit this data too: {links}. If they are the same client, please merge them.",
    "converted": "The lead was converted:",
    "contact": "Contact: {link}",
    "company": "Company: {link}",
    "deal": "Deal: {link}",
    "new_contact": "made",
    "new_company": "made",
    "new_deal": "made",
    "was_contact": "was in the CRM already",
    "was_company": "was in the CRM already",
    "was_deal": "was in the CRM already",
    "nothing": "According to the settings nothing is to be made.",
    "back_new": "Made from the lead {link}",
    "back_was": "Linked with the lead {link}",
    "address": "Legal address: {address}",
    "stopped": "The conversion stopped: {refusal}\nNo links were made. Please remove the cause and save the lead: "
    "the robot goes on.",
    "LIQUIDATED": "Beware: according to the directory “{name}” has been liquidated.",
    "LIQUIDATING": "Beware: according to the directory “{name}” is being liquidated.",
    "BANKRUPT": "Beware: according to the directory “{name}” is bankrupt.",
    "down": "The directory did not answer: the company was made from the lead, the robot completes it later.",
    "completed": "Completed from the directory: {name}",
    "unnamed": "INN {inn}",
    "account": "Settlement account",
}
"""What people read in timelines, tasks and notifications."""

PAPERS = {
    "name": "full name",
    "inn": "INN",
    "kpp": "KPP",
    "ogrn": "OGRN",
    "address": "legal address",
    "head": "head",
    "account": "settlement account",
    "bik": "BIK",
    "bank": "bank",
    "corr_account": "correspondent account",
}
"""What a contract needs, as the comment names it."""

GATE = {
    "gaps": "Data needed for the stage “{gate}” is missing:",
    "returned": "The lead was put back to “{stage}”. Please fill in the fields and move it on again.",
    "stays": "Please fill in these fields.",
    "refused": "The portal did not let the lead go back to the previous stage: {refusal}",
    "complete": "All data needed for the stage “{gate}” is there now.",
    "notice": "Lead {link} was put back to “{stage}”: for the stage “{gate}” these are missing: {fields}.",
    "todo": "Fill in the lead: {lead}",
    "todo_text": "For the stage “{gate}” these are missing: {fields}.",
}
"""About a lead that may not pass the gate, and about one that now may."""

WHY = {
    "C1": "A lead made by hand gets its creator as responsible and moves on to the next stage.",
    "C2": "As soon as there is enough data, the contact is made and linked.",
    "C3": "A contact with the same phone or e-mail is linked, and empty fields of its card are filled.",
    "C4": "A lead that lacks data of the client does not pass the gate stage.",
    "C5": "INN, BIK and account are checked.",
    "C6": "The company is found by its INN or made, with requisites.",
    "C7": "A won lead leaves behind what the settings say.",
    "C8": "What was already made for this lead is found and completed.",
    "C9": "The cards link to each other.",
    "C10": "What could not be made is named; the robot goes on after the next change of the lead.",
    "C11": "Whether all is ready for a contract is looked at.",
    "C12": "Empty requisites are completed from the directory.",
    "C13": "Several cards fit: the responsible decides which one to take.",
    "C14": "The client is in the stop-list, and the comment says so.",
    "Q3": "A lead with gaps does not pass the gate stage.",
    "Q4": "The responsible is told what is missing; the to-do is closed once all is filled.",
}
"""The robot's rules, each in a sentence, for the journal (T1)."""
