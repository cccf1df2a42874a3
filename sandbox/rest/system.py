"""What every webhook may ask: whose it is, what it may do, what time it is."""

from typing import Any

from sandbox.portal.clock import iso
from sandbox.rest.call import METHODS, Call, method


@method("profile", "basic")
def profile(call: Call) -> Any:
    """The webhook's owner."""
    row = call.portal.people.user(call.user_id)
    if row is None or not row["ACTIVE"]:
        return []
    return {
        "ID": str(row["id"]),
        "ADMIN": row["admin"],
        "NAME": row["NAME"],
        "LAST_NAME": row["LAST_NAME"],
        "PERSONAL_GENDER": "",
        "TIME_ZONE": row["TIME_ZONE"],
    }


@method("scope", "basic")
def scope(call: Call) -> Any:
    """Granted scopes."""
    granted = call.caller.scopes - {"basic"}
    if call.get("full"):
        return sorted({one for each in METHODS.values() for one in each.scopes} - {"basic"})
    return sorted(granted)


@method("method.get", "basic")
def exists(call: Call) -> Any:
    """Whether a method exists and this webhook may call it."""
    found = METHODS.get(str(call.get("name") or "").lower())
    allowed = found is not None and bool(call.caller.scopes & set(found.scopes))
    return {"isExisting": found is not None, "isAvailable": allowed}


@method("methods", "basic")
def methods(call: Call) -> Any:
    """Methods that this webhook may call."""
    return sorted(one.name for one in METHODS.values() if call.caller.scopes & set(one.scopes))


@method("server.time", "basic")
def server_time(call: Call) -> str:
    """The portal's clock."""
    return iso(call.portal.clock.now())
