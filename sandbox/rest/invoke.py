"""One command: scope, run-time limit, faults, and the method itself. Batches run it fifty times."""

from time import perf_counter

from sandbox.portal.errors import Refusal
from sandbox.portal.faults import REFUSALS
from sandbox.portal.pages import Page
from sandbox.portal.values import BadValue
from sandbox.rest import catalogue
from sandbox.rest.call import METHODS, Call


def invoke(call: Call) -> tuple[Page, float]:
    """The method's page and the seconds that it is said to have taken."""
    portal, caller = call.portal, call.caller
    method = METHODS.get(call.method.lower())
    if method is None:
        raise Refusal("ERROR_METHOD_NOT_FOUND", "Method not found!", 404)
    if not caller.scopes.intersection(method.scopes):
        text = "The request requires higher privileges than provided by the webhook token"
        raise Refusal("insufficient_scope", text, 403)
    name = method.name.lower()
    portal.limits.check_operating(caller.webhook, name)
    fault = portal.faults.strike(name, inner=True)
    if fault is not None:
        raise Refusal(*REFUSALS[fault.kind])
    began = perf_counter()
    try:
        given = method.handler(call)
    except BadValue as error:
        raise Refusal("100", f"Invalid value {{{error}}}.") from None
    price = portal.limits.price(name)
    portal.limits.spend(caller.webhook, name, price or perf_counter() - began)
    return given if isinstance(given, Page) else Page(given), price


catalogue.load()
