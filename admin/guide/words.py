"""What the guide says around the tables."""

_ENGLISH = """\
# The settings file

`make guide` generates this page from the models; a test keeps it up to date. [По-русски](settings.ru.md)

One file, one section per robot; [settings/settings.yaml](../settings/settings.yaml) is a complete example.
`robots check FILE` says what does not fit your portal and writes nothing; `robots publish FILE` puts it into force
within a minute.

- **Names** are those that people see in Bitrix24: stages, funnels, departments, people, dropdown items. An id or code
  is accepted as well, and for a person an e-mail. If a name exists twice, give the id.
- **A key that is left out** takes its default. An unknown key is an error. A section that is absent, or has
  `enabled: false`, switches its robot off.
- **A section with a fault** is refused whole: the last good version stays in force, the admins get a message with the
  key, what was found and what was probably meant, and the command exits with status 2.
- **Fields** under `fields` are made on the portal if they are missing, and so are items of their dropdowns. Publishing
  removes nothing: cards may use it. It lists what the portal has beyond the file.
- **Dependent lists**: `depends_on: {field: UF_CRM_NOMENCLATURE, options: {Threads: [Sewing, Embroidery]}}` under a
  dropdown says which of its items go with which item of another one. Where the field is required, a value that does not
  fit counts as missing.
- **Conditions**: `required: [{field: UF_CRM_FREQUENCY, when: {UF_CRM_REGULARITY: [Regular]}}]` asks for a field while
  all conditions hold; a list means any of its values, `filled` whatever the field holds.
- **Links in comments**: whoever sees a card's timeline may press its links, fill in the page and answer a question of
  consent; the comment with the outcome stands in the same timeline.
- **Texts** hold placeholders: `{lead[TITLE]}`, `{lead[UF_CRM_…]}` in titles; `{client}`, `{status}`, `{due_date}`,
  `{manager}` in the texts of `client_status`.
- **Statuses** are known by their `code`: a changed label renames the item, and cards keep their status. A status that
  clients still have cannot be removed. If days change, all timers are planned anew.
- **Size**: a section may have 8192 bytes, comments included; comments that do not fit are left out.
- **The AWS console** works too: each section is the parameter `/<stack>/settings/<section>`; saving it publishes it.

Editors with a YAML language server complete keys and mark mistakes with `settings/schema.json`, which the first line of
the file names.
"""

_RUSSIAN = """\
# Файл настроек

Страница собрана из моделей командой `make guide`; тест следит, что она не отстаёт. [In English](settings.md)

Один файл, по разделу на робота; полный пример — [settings/settings.ru.yaml](../settings/settings.ru.yaml).
`robots check FILE` скажет, что не подходит к вашему порталу, и ничего не запишет; `robots publish FILE` вводит файл
в действие за минуту.

- **Названия** — те, что люди видят в Битрикс24: стадии, воронки, отделы, сотрудники, пункты списков. Годится и id или
  код; сотрудника можно указать по e-mail. Если таких названий несколько, укажите id.
- **Пропущенный ключ** получает значение по умолчанию. Ключ с опечаткой — ошибка. Раздел, которого нет или в котором
  `enabled: false`, выключает своего робота.
- **Раздел с ошибкой** отклоняется целиком: действует последняя верная версия, администраторы получают сообщение, в
  каком ключе ошибка, что указано и что, вероятно, имелось в виду, а команда возвращает код 2.
- **Поля** из `fields` создаются на портале, если их нет, как и пункты их списков. Публикация ничего не удаляет:
  значения могут стоять в карточках. Она перечисляет то, что есть на портале сверх файла.
- **Зависимые списки**: `depends_on: {field: UF_CRM_NOMENCLATURE, options: {Нитки: [Швейные, Вышивальные]}}` под списком
  говорит, какие его пункты относятся к какому пункту другого списка. Если поле обязательное, неподходящее значение
  считается незаполненным.
- **Условия**: `required: [{field: UF_CRM_FREQUENCY, when: {UF_CRM_REGULARITY: [Регулярный]}}]` требует поле, пока
  выполнены все условия; список — любое из значений, `filled` — заполнено чем угодно.
- **Ссылки в комментариях**: нажать ссылку, заполнить страницу и ответить на вопрос о согласии может каждый, кто видит
  ленту карточки; чем кончилось, записано в той же ленте.
- **Тексты** содержат подстановки: `{lead[TITLE]}`, `{lead[UF_CRM_…]}` в названиях; `{client}`, `{status}`,
  `{due_date}`, `{manager}` в текстах раздела `client_status`.
- **Статусы** различаются по `code`: новое название переименует пункт, а карточки сохранят статус. Статус, который ещё
  стоит у клиентов, убрать нельзя. Если изменить сроки, все таймеры пересчитаются сами.
- **Размер**: раздел вмещает 8192 байта вместе с комментариями; если комментарии не помещаются, они опускаются.
- **Консоль AWS** тоже годится: каждый раздел — параметр `/<стек>/settings/<раздел>`, и сохранение его публикует.

Редакторы с поддержкой YAML language server подсказывают ключи и отмечают ошибки по `settings/schema.json`: его называет
первая строка файла.
"""

INTRO = {"en": _ENGLISH, "ru": _RUSSIAN}

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "key": "key",
        "what": "what it is",
        "value": "value",
        "default": "default",
        "required": "required",
        "below": "see below",
        "part": "keys, see below",
        "fields": "User fields",
        "or": " or ",
        "list": "list: {of}",
        "mapping": "name → {of}",
        "integer": "whole number, {least} to {most}",
        "boolean": "`true` or `false`",
        "null": "`null`",
        "text": "text",
        "name": "name or id",
        "value_word": "one value",
        "address": "http(s) address",
        "time": "time, HH:MM",
        "user_field": "code of a user field, `UF_CRM_…`",
        "field_code": "code of a field",
        "fields_or": "field, or several with | between them",
    },
    "ru": {
        "key": "ключ",
        "what": "что это",
        "value": "значение",
        "default": "по умолчанию",
        "required": "обязателен",
        "below": "см. ниже",
        "part": "ключи, см. ниже",
        "fields": "Пользовательские поля",
        "or": " или ",
        "list": "список: {of}",
        "mapping": "название → {of}",
        "integer": "целое число от {least} до {most}",
        "boolean": "`true` или `false`",
        "null": "`null`",
        "text": "текст",
        "name": "название или id",
        "value_word": "одно значение",
        "address": "адрес http(s)",
        "time": "время ЧЧ:ММ",
        "user_field": "код пользовательского поля, `UF_CRM_…`",
        "field_code": "код поля",
        "fields_or": "поле или несколько через |",
    },
}
