"""What is no change of a field, in a sentence: what was made, and for whom."""

from typing import Any

from crm_robots.shared import actions
from crm_robots.shared.actions import Action, AddItem
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.values import plain_text
from crm_robots.shared.words.values import Words, short

_LONGEST_TEXT = 120
_SENTENCES: dict[str, dict[type | str, str]] = {
    "ru": {
        "lead": "Создан лид «{title}»",
        "deal": "Создана сделка «{title}»",
        "contact": "Создан контакт «{title}»",
        "company": "Создана компания «{title}»",
        "whose": ", ответственный {name}",
        actions.AddRequisite: "Добавлены реквизиты «{name}»",
        actions.UpdateRequisite: "Дополнены реквизиты",
        actions.AddAddress: "Добавлен адрес: {text}",
        actions.AddBankDetail: "Добавлены банковские реквизиты «{name}»",
        actions.UpdateBankDetail: "Дополнены банковские реквизиты",
        actions.LinkRequisite: "Указаны реквизиты сделки",
        actions.SetProducts: "Добавлены товары: {count}",
        actions.AddComment: "Комментарий: {text}",
        actions.AddTodo: "Поставлено дело «{title}»",
        actions.CompleteActivity: "Закрыто дело робота №{activity_id}",
        actions.AddTask: "Поставлена задача «{title}»",
        actions.UpdateTask: "Дополнена задача №{task_id}",
        actions.CompleteTask: "Закрыта задача робота №{task_id}",
        actions.Notify: "Уведомление, получатель {name}: {text}",
        actions.PostToFeed: "Сообщение в ленте «{title}», получатели: {names}",
    },
    "en": {
        "lead": "Made the lead “{title}”",
        "deal": "Made the deal “{title}”",
        "contact": "Made the contact “{title}”",
        "company": "Made the company “{title}”",
        "whose": ", responsible {name}",
        actions.AddRequisite: "Added the requisites “{name}”",
        actions.UpdateRequisite: "Completed the requisites",
        actions.AddAddress: "Added an address: {text}",
        actions.AddBankDetail: "Added the bank details “{name}”",
        actions.UpdateBankDetail: "Completed the bank details",
        actions.LinkRequisite: "Chose the deal's requisites",
        actions.SetProducts: "Added products: {count}",
        actions.AddComment: "Comment: {text}",
        actions.AddTodo: "Made the to-do “{title}”",
        actions.CompleteActivity: "Closed the robot's to-do no. {activity_id}",
        actions.AddTask: "Made the task “{title}”",
        actions.UpdateTask: "Added to task no. {task_id}",
        actions.CompleteTask: "Closed the robot's task no. {task_id}",
        actions.Notify: "Notification to {name}: {text}",
        actions.PostToFeed: "Feed post “{title}” to {names}",
    },
}


def deed(action: Action, words: Words) -> str:
    """The sentence."""
    table = _SENTENCES[words.language]
    known: dict[str, Any] = {name: _plain(getattr(action, name)) for name in action.__struct_fields__}
    if isinstance(action, AddItem):
        said = table[action.kind].format(title=short(title_of(action), _LONGEST_TEXT))
        return said + _whose(table, action.fields.get("ASSIGNED_BY_ID"), words)
    sentence = table.get(type(action), type(action).__name__)
    if isinstance(action, actions.SetProducts):
        known["count"] = len(action.rows)
    if isinstance(action, actions.Notify):
        known["name"] = words.person(action.user_id)
    if isinstance(action, actions.PostToFeed):
        known["names"] = short(", ".join(map(words.person, action.user_ids)), _LONGEST_TEXT)
    whose = action.responsible_id if isinstance(action, actions.AddTodo | actions.AddTask) else None
    return sentence.format(**known) + _whose(table, whose, words)


def title_of(action: AddItem) -> str:
    """What a new item is called."""
    return Item(ItemRef(action.kind, 0), action.fields).title


def _whose(table: dict[type | str, str], person: Any, words: Words) -> str:
    return table["whose"].format(name=words.person(person)) if person else ""


def _plain(value: Any) -> Any:
    return short(plain_text(value), _LONGEST_TEXT) if isinstance(value, str) else value
