"""What people read of the undo, in Russian. Both languages have the same keys and placeholders."""

REASONS = {
    "changed": "с тех пор изменено",
    "added": "телефоны и адреса добавлены к имевшимся, они не убираются",
    "unit": "дело остаётся у того, у кого остался клиент",
    "gone": "карточки больше нет",
    "refused": "портал не принял прежнее значение",
    "busy": "карточка занята, повторите команду",
}
"""Why a change stayed, for the report."""

WORDS = {
    "head": "Действия роботов отменены администратором.",
    "line": "• {label}: {new} → {old}",
}
"""What people read in timelines, tasks and notifications."""
