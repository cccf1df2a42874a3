"""Routing: a visit, its report, and for each service of the report a manager, a deal, and somebody in charge of all."""
