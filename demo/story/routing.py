"""A visit, a report with two services, and a third that the client remembers later."""

from demo.theatre import Theatre


def visit(theatre: Theatre) -> None:
    """Each service gets its manager and deal, and one of them leads."""
    theatre.chapter("Распределение: каждой услуге — свой менеджер", "Routing: every service gets its manager")
    visitor = theatre.person("Кузнецова")
    lead = visitor.create("lead", title="Ресторан «Терраса»", name="Глеб", UF_CRM_DIRECTION="Физические лица")
    theatre.expect(
        "Представитель получил задачу: выезд к клиенту", "The representative got a task: visit the client",
        lambda: theatre.task(lead, "Выезд"),
    )  # fmt: skip
    theatre.say(
        "Мария Кузнецова съездила и отметила две услуги.", "Maria Kuznetsova went there and ticked two services."
    )
    visitor.update(
        "lead", lead, UF_CRM_SERVICES=["Монтаж", "Проектирование"], UF_CRM_VISIT_COMMENT="Навес 40 м², срочно."
    )
    theatre.expect(
        "Две сделки у двух менеджеров, и лид говорит почему", "Two deals with two managers, and the lead says why",
        lambda: len(theatre.of_lead("deal", lead)) == 2 and theatre.comment("lead", lead, "Монтаж"),
        show=theatre.card("lead", lead),
    )  # fmt: skip
    theatre.expect(
        "Главный менеджер получил задачу довести сделки до конца", "The main manager got the task to see them through",
        lambda: theatre.task(lead, "Закрыть или проконтролировать"),
    )  # fmt: skip
    theatre.say("Клиент вспоминает про обслуживание.", "The client remembers that the awning needs service.")
    visitor.update("lead", lead, UF_CRM_SERVICES=["Монтаж", "Проектирование", "Обслуживание"])
    theatre.expect(
        "Третья сделка у того же главного менеджера", "A third deal, with the same main manager",
        lambda: len(theatre.of_lead("deal", lead)) == 3 and theatre.comment("lead", lead, "Обслуживание"),
    )  # fmt: skip
