"""What the client-status robot writes, in English. Both languages have the same keys and placeholders."""

WORDS = {
    "raised": "Status raised: “{old}” → “{new}”.",
    "dropped": "Status dropped: “{old}” → “{new}”.",
    "cleared": "no status",
    "no_call": "Status put back: “{new}” → “{old}”. {why}",
    "no_call_notice": "{client}: the status “{new}” was not kept, it is “{old}” again. {why}",
    "stays": "The status “{new}” could not be put back to “{old}”: {refusal}. {why}",
    "why": "A change of status needs a completed call with the client within the last {days} days{length}.",
    "length": " (of at least {seconds} s)",
    "proof": " Only calls that the portal's telephony lists as answered count.",
    "opened": "Deal {deal} is open: status “{old}” → “{new}”. While the deal is open, the days stand still.",
    "ended": "No open deal is left ({deal}): status “{old}” → “{new}”.",
    "by_deal_refused": "The status “{old}” could not be changed to “{new}” ({deal}): {refusal} "
    "The robot tries again at the next change of the card.",
    "gone": "the deal was deleted",
    "in_stop_list": "The client is in the stop-list: {why}.",
    "in_deal": "A deal is open.",
    "after_stop": "The client has left the stop-list: status “{old}” → “{new}”.",
    "pause_put_back": "{client}: the pause was not kept. {why}",
    "pause_without_reason": "To pause a client, fill in the date and the reason in one save.",
    "pause_too_long": "In this term the pause may last until {last}, no longer.",
    "day": "%Y-%m-%d",
    "changed": "Status changed: “{old}” → “{new}”.",
}
