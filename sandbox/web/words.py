"""Words of the pages for data: kinds of items, fields, moments, sums. Russian first, then English."""

from datetime import date, datetime
from typing import Any

KINDS = {
    "lead": ("Лид", "Lead", "Лиды", "Leads"),
    "deal": ("Сделка", "Deal", "Сделки", "Deals"),
    "contact": ("Контакт", "Contact", "Контакты", "Contacts"),
    "company": ("Компания", "Company", "Компании", "Companies"),
}

# The portal itself keeps titles of standard fields in Russian only.
FIELDS = {
    "title": "Title",
    "name": "First name",
    "secondName": "Middle name",
    "lastName": "Last name",
    "companyTitle": "Company name",
    "honorific": "Salutation",
    "birthdate": "Birthday",
    "post": "Position",
    "address": "Address",
    "fm": "Phones, e-mails",
    "opportunity": "Sum",
    "isManualOpportunity": "Sum typed by hand",
    "currencyId": "Currency",
    "assignedById": "Responsible",
    "observers": "Observers",
    "companyId": "Company",
    "companyIds": "Companies",
    "contactId": "Primary contact",
    "contactIds": "Contacts",
    "leadId": "Lead",
    "categoryId": "Funnel",
    "stageId": "Stage",
    "typeId": "Type",
    "industry": "Industry",
    "employees": "Employees",
    "revenue": "Yearly revenue",
    "sourceId": "Source",
    "sourceDescription": "More about the source",
    "comments": "Comment",
    "statusDescription": "More about the stage",
    "begindate": "Start date",
    "closedate": "Closing date",
    "probability": "Probability",
    "taxValue": "Tax",
    "additionalInfo": "Additional information",
    "locationId": "Location",
    "quoteId": "Quote",
    "opened": "Available to everyone",
    "closed": "Closed",
    "dateClosed": "Closed at",
    "isNew": "New",
    "isReturnCustomer": "Repeat",
    "isRepeatedApproach": "Repeated approach",
    "isRecurring": "Recurring",
    "isMyCompany": "My company",
    "bankingDetails": "Details",
    "export": "Takes part in export",
    "createdTime": "Created",
    "createdBy": "Created by",
    "updatedTime": "Changed",
    "updatedBy": "Changed by",
    "movedTime": "Stage changed",
    "movedBy": "Stage changed by",
    "lastActivityTime": "Last activity",
    "lastActivityBy": "Last activity by",
    "originatorId": "External source",
    "originId": "Id in the external source",
    "originVersion": "Version of the original",
    "webformId": "CRM form",
    "utmSource": "UTM source",
    "utmMedium": "UTM medium",
    "utmCampaign": "UTM campaign",
    "utmContent": "UTM content",
    "utmTerm": "UTM term",
}

REQUISITES = {
    "NAME": ("Название", "Name"),
    "RQ_COMPANY_NAME": ("Сокращённое название", "Short name"),
    "RQ_COMPANY_FULL_NAME": ("Полное название", "Full name"),
    "RQ_LAST_NAME": ("Фамилия", "Last name"),
    "RQ_FIRST_NAME": ("Имя", "First name"),
    "RQ_SECOND_NAME": ("Отчество", "Middle name"),
    "RQ_INN": ("ИНН", "INN"),
    "RQ_KPP": ("КПП", "KPP"),
    "RQ_OGRN": ("ОГРН", "OGRN"),
    "RQ_OGRNIP": ("ОГРНИП", "OGRNIP"),
    "RQ_DIRECTOR": ("Руководитель", "Head"),
    "RQ_ADDR": ("Адрес", "Address"),
    "RQ_BANK_NAME": ("Банк", "Bank"),
    "RQ_BIK": ("БИК", "BIK"),
    "RQ_ACC_NUM": ("Расчётный счёт", "Account"),
    "RQ_COR_ACC_NUM": ("Корр. счёт", "Correspondent account"),
}

PHONES = {
    "PHONE": ("Телефон", "Phone"),
    "EMAIL": ("E-mail", "E-mail"),
    "WEB": ("Сайт", "Site"),
    "IM": ("Мессенджер", "Messenger"),
    "LINK": ("Ссылка", "Link"),
}

_MONTHS = {
    "ru": (
        *("января", "февраля", "марта", "апреля", "мая", "июня"),
        *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_CURRENCIES = {"RUB": "₽", "USD": "$", "EUR": "€"}
_NEVER = 9999


def parse(moment: Any) -> datetime | None:
    """A stored moment; None for nothing, and for the year that stands for «no deadline»."""
    try:
        found = datetime.fromisoformat(str(moment or ""))
    except ValueError:
        return None
    return None if found.year == _NEVER else found


def day(moment: Any, language: str) -> str:
    """`12 января 2026`."""
    found = moment if isinstance(moment, date) else parse(moment)
    return f"{found.day} {_MONTHS[language][found.month - 1]} {found.year}" if found else ""


def when(moment: Any, now: datetime, language: str) -> str:
    """A moment as people say it: today without its date, this year without its year."""
    found = moment if isinstance(moment, datetime) else parse(moment)
    if found is None:
        return ""
    clock = f"{found:%H:%M}"
    if found.date() == now.date():
        return f"{'сегодня' if language == 'ru' else 'today'}, {clock}"
    year = "" if found.year == now.year else f" {found.year}"
    return f"{found.day} {_MONTHS[language][found.month - 1]}{year}, {clock}"


def amount(number: float) -> str:
    """`1 250 000` or `0,5`, with thin gaps."""
    text = f"{number:,.2f}".rstrip("0").rstrip(".") if number % 1 else f"{number:,.0f}"
    return text.replace(",", "\u202f").replace(".", ",")


def money(number: Any, currency: str | None = "RUB") -> str:
    """A sum with its sign."""
    return f"{amount(float(number or 0))}\u00a0{_CURRENCIES.get(currency or '', currency or '')}".strip()
