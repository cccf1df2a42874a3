"""What the fill-in page says of an answer that a field does not take."""

_TEXTS = {
    "ru": {
        "option": "Выберите вариант из списка.",
        "one_option": "Выберите один вариант.",
        "number": "Введите число, например 1 250,5.",
        "integer": "Введите целое число, например 4.",
        "currency": "Выберите валюту.",
        "date": "Введите дату, например 31.01.2026.",
        "datetime": "Введите дату и время, например 31.01.2026 09:30.",
        "link": "Введите адрес страницы, например https://example.ru.",
        "email": "Введите адрес, например name@example.ru.",
        "phone": "Введите номер телефона с кодом, например +7 916 123-45-67.",
        "too_long": "Не больше {most} знаков.",
        "too_many": "Не больше {most} строк.",
    },
    "en": {
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
    },
}


class FormTexts:
    """In one language."""

    def __init__(self, language: str) -> None:
        self._texts = _TEXTS[language]

    def say(self, reason: str, **words: object) -> str:
        """What would be right."""
        return self._texts[reason].format(**words)
