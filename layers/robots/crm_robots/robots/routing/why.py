"""The robot's rules, each in a sentence, for the journal (T1)."""

WHY = {
    "ru": {
        "R1": "Новый лид: нужен визит представителя.",
        "R2": "Для каждой отмеченной услуги выбирается менеджер её отдела.",
        "R3": "Отсутствующие сотрудники не участвуют в распределении.",
        "R4": "Существующий клиент остаётся у своего менеджера.",
        "R5": "Каждый выбранный менеджер получает свою сделку и видит сделки остальных.",
        "R6": "Главный менеджер ведёт сделки до закрытия.",
        "R7": "Распределение записывается до того, как что-либо создано.",
        "R8": "Услуги, отмеченные позже, добавляются к тому же главному менеджеру.",
    },
    "en": {
        "R1": "A new lead: the representative has to visit.",
        "R2": "For each ticked service a manager of its department is drawn.",
        "R3": "Absent people take no part in the draw.",
        "R4": "An existing client keeps its manager.",
        "R5": "Each manager who was drawn gets a deal and sees those of the others.",
        "R6": "The main manager sees the deals through.",
        "R7": "The draw is recorded before anything is made.",
        "R8": "Services that were ticked later go to the same main manager.",
    },
}
