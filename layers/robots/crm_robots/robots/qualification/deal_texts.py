"""What people read of the robot where it keeps deals: the texts that name the card, in place of those of leads."""

from crm_robots.shared.markup import REFUSAL

DEAL_TEXTS = {
    "ru": {
        "returned": "Сделка возвращена на стадию «{stage}»: не заполнены обязательные поля.",
        "remind": "Сделка на стадии «{stage}», а обязательные поля не заполнены:",
        "converted": "Сделка уже выиграна, а обязательные поля не заполнены:",
        "portal_refused": f"Сделка не возвращена на стадию «{{stage}}», портал отказал: {REFUSAL}. "
        "Робот попробует снова после следующего изменения сделки.",
        "notice": "Сделка {lead} возвращена на стадию «{stage}»: не заполнено: {fields}.",
        "no_client": "{fields} (у сделки нет ни контакта, ни компании)",
        "todo_text": "Без этих полей сделка не пройдёт дальше:",
        "notify": "Сделка {lead}: изменение ждёт вашего подтверждения.",
    },
    "en": {
        "returned": "The deal was put back to the stage “{stage}”: required fields are empty.",
        "remind": "The deal is at the stage “{stage}”, but required fields are empty:",
        "converted": "The deal is already won, but required fields are empty:",
        "portal_refused": f"The portal refused to put the deal back to the stage “{{stage}}”: {REFUSAL}. "
        "The robot will try again after the next change of the deal.",
        "notice": "Deal {lead} was put back to the stage “{stage}”: empty: {fields}.",
        "no_client": "{fields} (the deal has neither a contact nor a company)",
        "todo_text": "Without these fields the deal cannot go on:",
        "notify": "Deal {lead}: a change waits for your consent.",
    },
}
