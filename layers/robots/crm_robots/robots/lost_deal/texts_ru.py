"""What the lost-deal robot writes, in Russian. Both languages have the same keys and placeholders."""

WORDS = {
    "because": "Сделка перешла на стадию «{stage}».",
    "because_deal": "Сделка {deal} перешла на стадию «{stage}».",
    "changed": "Изменено в карточках клиентов:",
    "changed_here": "Изменено в этой карточке:",
    "empty": "не заполнено",
    "refused": "Карточка клиента не изменена: {refusal} Робот попробует ещё раз при следующем изменении сделки.",
    "video": "Видео по теме: [URL={video}]{video}[/URL]",
    "expired": "Срок отметки вышел, в карточке снова прежние значения:",
    "reopened": "Сделка {deal} снова открыта, в карточке снова прежние значения:",
    "reopened_deal": "Сделка снова открыта, в карточках клиентов снова прежние значения:",
}
