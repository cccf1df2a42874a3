"""What the head's letter says (D13), in Russian. Both languages have the same keys and placeholders."""

WORDS = {
    "title": "[B]Ваши сотрудники и их клиенты, {day}[/B]",
    "changed": "Сменили статус за неделю: {count}",
    "lost": "Потеряны за неделю: {count}",
    "rescued": "Спасены за неделю: {count}",
    "due": "Сменится статус в ближайшие 7 дней: {count}",
    "above": "Больше клиентов, чем можно вести: {names}",
    "none": "никто",
    "snoozed": "На паузе: {count}",
    "link": "[URL={url}]Посмотреть, у кого как дела[/URL]. Ссылка действует дней: {days}.",
    "day": "%d.%m.%Y",
}
