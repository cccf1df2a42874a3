"""A company that fits settings/settings.yaml: people, departments, stages, funnels. No card, no robot's field yet."""

from dataclasses import dataclass

from sandbox.portal.core import Portal
from sandbox.portal.types import DEAL

ROBOT_CODE = "sandbox"

_DEPARTMENTS = (
    ("Ткани и фурнитура", None),
    ("Отдел продаж", "Ткани и фурнитура"),
    ("Оптовые продажи", "Отдел продаж"),
    ("Розничные продажи", "Отдел продаж"),
    ("Технический отдел", "Ткани и фурнитура"),
    ("Отдел монтажа", "Технический отдел"),
    ("Отдел проектирования", "Технический отдел"),
    ("Сервис", "Технический отдел"),
    ("Выездной сервис", "Сервис"),
)

# First name, last name, e-mail, department, position, whether they head it.
_PEOPLE = (
    ("Робот", "CRM", "robot@example.ru", "Ткани и фурнитура", "Интеграция", False),
    ("Анна", "Администратова", "admin@example.ru", "Ткани и фурнитура", "Администратор портала", False),
    ("Виктор", "Громов", "gromov@example.ru", "Ткани и фурнитура", "Директор", True),
    ("Елена", "Соколова", "sokolova@example.ru", "Отдел продаж", "Руководитель отдела продаж", True),
    ("Игорь", "Петров", "petrov@example.ru", "Оптовые продажи", "Старший менеджер", True),
    ("Мария", "Кузнецова", "kuznetsova@example.ru", "Оптовые продажи", "Менеджер", False),
    ("Олег", "Смирнов", "smirnov@example.ru", "Оптовые продажи", "Менеджер", False),
    ("Дарья", "Волкова", "volkova@example.ru", "Розничные продажи", "Менеджер", False),
    ("Павел", "Зайцев", "zaytsev@example.ru", "Розничные продажи", "Менеджер", False),
    ("Сергей", "Мастеров", "masterov@example.ru", "Отдел монтажа", "Начальник отдела", True),
    ("Никита", "Лебедев", "lebedev@example.ru", "Отдел монтажа", "Менеджер по монтажу", False),
    ("Алина", "Орлова", "orlova@example.ru", "Отдел проектирования", "Начальник отдела", True),
    ("Тимур", "Ахметов", "akhmetov@example.ru", "Отдел проектирования", "Проектировщик", False),
    ("Юлия", "Белова", "belova@example.ru", "Сервис", "Начальник отдела", True),
    ("Роман", "Киселёв", "kiselev@example.ru", "Выездной сервис", "Инженер", False),
)

_LEAD_STAGES = (
    ("NEW", "Новый лид", None),
    ("ASSIGNED", "Менеджер назначен", None),
    ("IN_PROCESS", "В работе", None),
    ("VISIT", "Выезд к клиенту", None),
    ("QUALIFIED", "Квалификация пройдена", None),
    ("OFFER", "КП отправлено", None),
    ("NEGOTIATION", "Переговоры", None),
    ("CONVERTED", "Качественный лид", "S"),
    ("JUNK", "Некачественный лид", "F"),
    ("NO_ANSWER", "Не дозвонились", "F"),
)

_FUNNELS = {
    "Общая": (
        ("NEW", "Новая", None),
        ("PREPARATION", "Подготовка документов", None),
        ("EXECUTING", "В работе", None),
        ("WON", "Сделка успешна", "S"),
        ("NO_MONEY", "Нет денег", "F"),
        ("LOSE", "Сделка провалена", "F"),
    ),
    "Продажи": (
        ("NEW", "Новая", None),
        ("INVOICE", "Счёт выставлен", None),
        ("SHIPMENT", "Отгрузка", None),
        ("WON", "Сделка успешна", "S"),
        ("NO_MONEY", "Нет денег", "F"),
        ("LOSE", "Сделка провалена", "F"),
    ),
    "Услуги": (
        ("NEW", "Заявка", None),
        ("MEASURING", "Замер", None),
        ("EXECUTING", "Работы идут", None),
        ("WON", "Сделка успешна", "S"),
        ("LOSE", "Отказ", "F"),
    ),
}

_DICTIONARIES = {
    "SOURCE": (
        ("CALL", "Звонок"),
        ("WEB", "Сайт"),
        ("EMAIL", "Электронная почта"),
        ("RECOMMENDATION", "Рекомендация"),
    ),
    "CONTACT_TYPE": (
        ("CLIENT", "Клиенты"),
        ("SUPPLIER", "Поставщики"),
        ("PARTNER", "Партнёры"),
        ("OTHER", "Другое"),
    ),
    "COMPANY_TYPE": (
        ("CUSTOMER", "Клиент"),
        ("SUPPLIER", "Поставщик"),
        ("PARTNER", "Партнёр"),
        ("OTHER", "Другое"),
    ),
    "DEAL_TYPE": (("SALE", "Продажа"), ("SERVICES", "Услуги"), ("OTHER", "Другое")),
    "INDUSTRY": (("MANUFACTURING", "Производство"), ("RETAIL", "Торговля"), ("OTHER", "Другое")),
    "EMPLOYEES": (("EMPLOYEES_1", "менее 50"), ("EMPLOYEES_2", "50–250"), ("EMPLOYEES_3", "более 250")),
    "HONORIFIC": (("HNR_RU_1", "г-н"), ("HNR_RU_2", "г-жа")),
}

# Deal fields that the settings refer to and that publishing does not make.
_DEAL_FIELDS = (
    {
        "FIELD_NAME": "UF_CRM_DEAL_CLIENT_KIND",
        "USER_TYPE_ID": "enumeration",
        "LABEL": "Вид клиента",
        "LIST": [
            {"VALUE": value, "SORT": 10 * (place + 1)}
            for place, value in enumerate(("Физические лица", "Оптовик", "Швейное предприятие", "Сеть магазинов"))
        ],
    },
    {
        "FIELD_NAME": "UF_CRM_DEAL_MANAGERS",
        "USER_TYPE_ID": "employee",
        "MULTIPLE": "Y",
        "LABEL": "Все менеджеры",
    },
    {"FIELD_NAME": "UF_CRM_DEAL_MAIN_MANAGER", "USER_TYPE_ID": "employee", "LABEL": "Главный менеджер"},
)

_PRESETS = (
    ("Организация", "#CRM_REQUISITE_PRESET_DEF_RU_COMPANY#"),
    ("ИП", "#CRM_REQUISITE_PRESET_DEF_RU_INDIVIDUAL#"),
    ("Физ. лицо", "#CRM_REQUISITE_PRESET_DEF_RU_PERSON#"),
)


@dataclass(frozen=True, slots=True)
class Company:
    """Ids by name: users by last name, departments and funnels by theirs. `webhook` is the robots' REST address."""

    users: dict[str, int]
    departments: dict[str, int]
    categories: dict[str, int]
    webhook: str


def company(portal: Portal, code: str = ROBOT_CODE) -> Company:
    """Fills an empty portal."""
    with portal.lock:
        departments = _departments(portal)
        users = _people(portal, departments)
        for stage, title, semantics in _LEAD_STAGES:
            portal.stages.add("STATUS", stage, title, semantics, SYSTEM=_system(stage))
        categories = _funnels(portal)
        for dictionary, entries in _DICTIONARIES.items():
            for entry in entries:
                portal.stages.add(dictionary, *entry)
        for field in _DEAL_FIELDS:
            portal.user_fields.add(DEAL, dict(field))
        for name, xml_id in _PRESETS:
            row = {
                "ENTITY_TYPE_ID": 8,
                "COUNTRY_ID": 1,
                "NAME": name,
                "XML_ID": xml_id,
                "ACTIVE": "Y",
                "SORT": 500,
            }
            portal.tables.presets.add(row)
        portal.incoming.add(users["CRM"], code)
    return Company(users, departments, categories, f"{portal.address}/rest/{users['CRM']}/{code}/")


def _departments(portal: Portal) -> dict[str, int]:
    ids: dict[str, int] = {}
    for name, parent in _DEPARTMENTS:
        ids[name] = portal.people.add_department(name, ids[parent] if parent else None)
    return ids


def _people(portal: Portal, departments: dict[str, int]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for name, last_name, email, department, position, heads in _PEOPLE:
        place = departments[department]
        admin = last_name in ("CRM", "Администратова")
        user = portal.people.add_user(name, last_name, email, [place], WORK_POSITION=position, admin=admin)
        if heads:
            portal.people.set_head(place, user)
        ids[last_name] = user
    return ids


def _funnels(portal: Portal) -> dict[str, int]:
    ids: dict[str, int] = {}
    for place, (name, stages) in enumerate(_FUNNELS.items()):
        ids[name] = portal.stages.add_category(name, 0 if place == 0 else None, sort=100 * (place + 1))
        prefix = f"C{ids[name]}:" if ids[name] else ""
        dictionary = portal.stages.dictionary_of(DEAL.id, ids[name])
        for code, title, semantics in stages:
            portal.stages.add(dictionary, prefix + code, title, semantics, SYSTEM=_system(code))
    return ids


def _system(code: str) -> str:
    return "Y" if code in ("NEW", "CONVERTED", "JUNK", "WON", "LOSE") else "N"
