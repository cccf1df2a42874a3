"""Standard fields of the four types, with both spellings.

https://apidocs.bitrix24.com/api-reference/crm/universal/object-fields.html
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

DATES = frozenset({"date", "datetime"})
NUMBERS = frozenset({"integer", "user", "employee", "crm_company", "crm_contact", "crm_lead", "crm_category"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `name` as crm.item.* spells it (also the key in rows), `classic` as crm.lead.* and friends do."""

    name: str
    classic: str
    type: str
    title: str
    default: Any = None
    read_only: bool = False
    multiple: bool = False
    dictionary: str = ""
    user_field: bool = False
    mandatory: bool = False


# name, type, title [, extras]; classic spelling follows from the name except for these.
_IRREGULAR = {
    "createdBy": "CREATED_BY_ID",
    "updatedBy": "MODIFY_BY_ID",
    "movedBy": "MOVED_BY_ID",
    "createdTime": "DATE_CREATE",
    "updatedTime": "DATE_MODIFY",
    "observers": "OBSERVER_IDS",
}

_COMMON = """
id integer ID r
createdTime datetime Дата_создания r
updatedTime datetime Дата_изменения r
createdBy user Кем_создан r
updatedBy user Кем_изменён r
assignedById user Ответственный
opened boolean Доступен_для_всех =Y
lastActivityBy user Последняя_активность:_кто r
lastActivityTime datetime Последняя_активность r
webformId integer Создан_CRM-формой =0
originatorId string Внешний_источник
originId string Идентификатор_во_внешнем_источнике
sourceId crm_status Источник d:SOURCE
sourceDescription text Дополнительно_об_источнике
comments text Комментарий
utmSource string Рекламная_система
utmMedium string Тип_трафика
utmCampaign string Кампания
utmContent string Содержание_кампании
utmTerm string Условие_поиска
"""

_STAGED = """
stageSemanticId string Группа_стадии r
title string Название
opportunity double Сумма =0.0
isManualOpportunity boolean Сумма_вручную =N
currencyId crm_currency Валюта =RUB
companyId crm_company Компания =0
contactId crm_contact Контакт =0
contactIds crm_contact Контакты m
observers user Наблюдатели m
isReturnCustomer boolean Повторный =N r
movedBy user Кто_сменил_стадию r
movedTime datetime Когда_сменилась_стадия r
"""

_PERSON = """
honorific crm_status Обращение d:HONORIFIC
name string Имя
secondName string Отчество
lastName string Фамилия
birthdate date Дата_рождения
post string Должность
"""

_REACHABLE = """
hasPhone boolean Есть_телефон =N r
hasEmail boolean Есть_e-mail =N r
hasImol boolean Есть_открытая_линия =N r
fm crm_multifield Контактные_данные m
"""

_OWN = {
    1: """
stageId crm_status Стадия d:STATUS
statusDescription text Дополнительно_о_стадии
companyTitle string Название_компании
dateClosed datetime Дата_завершения r
address text Адрес
""",
    2: """
leadId crm_lead Лид
categoryId crm_category Воронка =0
stageId crm_status Стадия_сделки d:DEAL_STAGE
typeId crm_status Тип d:DEAL_TYPE
closed boolean Сделка_закрыта =N r
isNew boolean Новая_сделка =N r
isRecurring boolean Регулярная_сделка =N
isRepeatedApproach boolean Повторное_обращение =N r
probability integer Вероятность
taxValue double Налог =0.0
begindate date Дата_начала
closedate date Дата_завершения
quoteId integer Предложение
locationId string Местоположение
additionalInfo string Дополнительная_информация
""",
    3: """
typeId crm_status Тип_контакта d:CONTACT_TYPE
leadId crm_lead Лид
companyId crm_company Компания =0
companyIds crm_company Компании m
export boolean Участвует_в_экспорте =Y
categoryId crm_category Направление =0
originVersion string Версия_оригинала
address text Адрес
""",
    4: """
title string Название_компании
typeId crm_status Тип_компании d:COMPANY_TYPE
industry crm_status Сфера_деятельности d:INDUSTRY
employees crm_status Кол-во_сотрудников d:EMPLOYEES
revenue double Годовой_оборот =0.0
currencyId crm_currency Валюта =RUB
leadId crm_lead Лид
contactIds crm_contact Контакты m
isMyCompany boolean Моя_компания =N
categoryId crm_category Направление =0
bankingDetails text Реквизиты
originVersion string Версия_оригинала
address text Адрес
""",
}

_BLOCKS = {
    1: _COMMON + _STAGED + _PERSON + _OWN[1] + _REACHABLE,
    2: _COMMON + _STAGED + _OWN[2],
    3: _COMMON + _PERSON + _OWN[3] + _REACHABLE,
    4: _COMMON + _OWN[4] + _REACHABLE,
}

_RENAMED = {
    1: {"stageId": "STATUS_ID", "stageSemanticId": "STATUS_SEMANTIC_ID"},
    2: {},
    3: {},
    4: {"typeId": "COMPANY_TYPE"},
}


def upper_snake(name: str) -> str:
    """`assignedById` -> `ASSIGNED_BY_ID`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper()


def _parse(line: str, type_id: int) -> Field:
    name, kind, title, *extras = line.split()
    default: Any = [] if "m" in extras else None
    for extra in extras:
        if extra.startswith("="):
            default = {"integer": int, "double": float}.get(kind, str)(extra[1:])
            default = int(default) if kind in NUMBERS else default
    dictionary = next((extra[2:] for extra in extras if extra.startswith("d:")), "")
    classic = _RENAMED[type_id].get(name) or _IRREGULAR.get(name) or upper_snake(name)
    return Field(
        name,
        classic,
        kind,
        title.replace("_", " "),
        default,
        read_only="r" in extras,
        multiple="m" in extras,
        dictionary=dictionary,
    )


@cache
def standard_fields(type_id: int) -> dict[str, Field]:
    """Standard fields of a type by their universal names."""
    fields = [_parse(line, type_id) for line in _BLOCKS[type_id].strip().splitlines() if line]
    return {field.name: field for field in fields}


def camel_user_field(name: str) -> str:
    """Bitrix24's irregular camel case of a user field.

    Regular when digits or letters only follow the object's number (`UF_CRM_3_DIGIT` -> `ufCrm3Digit`); a name that
    mixes them changes only in its prefix, so that it can be told back (`UF_CRM_10_DIGIT10` -> `ufCrm_10_DIGIT10`).
    """
    tail = name.removeprefix("UF_CRM_")
    number, rest = re.fullmatch(r"(?:(\d+)_)?(.*)", tail).groups(default="")  # type: ignore[union-attr]
    if re.fullmatch(r"[A-Z_]+", rest):
        return f"ufCrm{number}" + "".join(part.capitalize() for part in rest.split("_"))
    if number and re.fullmatch(r"[\d_]+", rest):
        return f"ufCrm{number}_{rest}"
    return f"ufCrm_{tail}"
