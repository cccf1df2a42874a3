"""The robot's rules, each in a sentence, for the journal (T1)."""

WHY = {
    "ru": {
        "Q3": "Лид с пробелами не проходит дальше контрольной стадии.",
        "Q4": "Ответственному сообщается, чего не хватает; дело закрывается, когда всё заполнено.",
        "Q5": "Изменения полей квалификации записываются в таймлайн.",
        "Q6": "Поля прежнего направления больше не нужны, их значения остаются.",
        "Q7": "Изменение заполненного поля требует подтверждения.",
        "Q8": "Лид без пробелов передаётся тому, кто ведёт его направление.",
        "Q10": "После выбора направления сообщается, какие поля оно требует.",
        "Q11": "Записано то, что введено на странице заполнения.",
        "Q12": "Значение списка должно подходить к значению связанного списка.",
        "Q13": "Поле обязательно, пока выполнено его условие.",
        "Q14": "На стадии есть следующий шаг для ответственного.",
        "Q15": "Сделка с пробелами не проходит дальше контрольной стадии.",
        "S11": "Уволенного сотрудника замещает его руководитель.",
    },
    "en": {
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
    },
}
