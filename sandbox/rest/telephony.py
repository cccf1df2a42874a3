"""voximplant.statistic.get: what telephony knows of calls."""

from sandbox.portal.pages import Page
from sandbox.rest.call import Call, method
from sandbox.rest.rows import columns, page_of, stringed

_COLUMNS = columns(
    "ID:integer CALL_ID CALL_TYPE:integer PORTAL_USER_ID:integer PORTAL_NUMBER PHONE_NUMBER "
    "CALL_DURATION:integer "
    "CALL_START_DATE:datetime CALL_FAILED_CODE CRM_ENTITY_TYPE CRM_ENTITY_ID:integer CRM_ACTIVITY_ID:integer"
)


@method("voximplant.statistic.get", "telephony")
def statistics(call: Call) -> Page:
    """A page of calls; nothing for an owner who may not see the statistics of calls."""
    if not call.portal.people.may_see_calls(call.user_id):
        return Page([], 0)
    given = call.mapping("filter")
    table = call.portal.tables.calls
    activity = given.get("CRM_ACTIVITY_ID", given.get("=CRM_ACTIVITY_ID"))
    if activity and str(activity).isdigit():
        given = {**given, "@ID": sorted(table.find("activityId", int(activity)))}
    order = {str(call.get("sort") or "ID").upper(): call.get("order") or "ASC"}
    page = page_of(call, table, _COLUMNS, given, order=order)
    return Page([stringed(row) for row in page.result], page.total, page.next)
