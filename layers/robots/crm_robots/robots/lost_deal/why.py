"""The robot's rules, each in a sentence, for the journal (T1)."""

WHY = {
    "ru": {
        "L1": "Стадия, на которой закончилась сделка, говорит о клиенте.",
        "L2": "Что изменено в карточке клиента и почему, записывается в таймлайн.",
        "L4": "Отметка действует ограниченное время, потом поле получает прежнее значение.",
        "L5": "Клиент в стоп-листе: его не тревожат, дни не считаются.",
    },
    "en": {
        "L1": "The stage at which a deal ended says something about the client.",
        "L2": "What was changed on the client's card, and why, is noted in the timeline.",
        "L4": "The mark holds for a limited time, then the field gets its earlier value back.",
        "L5": "The client is in the stop-list: it is left alone, and its days stand still.",
    },
}
