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

WHY = {
    "S2": "A new card without a status gets the first one.",
    "S3": "A change of status needs a completed call with the client.",
    "S4": "A change of status is noted in the timeline, and the days begin anew.",
    "S5": "While a deal is open, the client is in work; after the last deal it gets the status that follows.",
    "S6": "A completed call begins the days anew.",
    "S8": "The card shows the day on which the status changes.",
    "S9": "A pause without a reason, or too long a one, is not taken.",
    "S11": "The head stands in for somebody who left.",
    "L5": "The client is in the stop-list: it is left alone, and its days stand still.",
    "D2": "The days of the status are over: the client drops to the next one.",
    "D3": "The days of the status are over soon: the responsible is warned.",
    "D4": "The client is lost: its card goes to those whom the settings name.",
    "D5": "Everybody gets one message a day.",
    "D6": "What the day brought is noted in the card's timeline.",
    "D14": "Clients are shared out evenly.",
    "import": "Statuses were imported by the administrator.",
}
"""The robot's rules, each in a sentence, for the journal (T1)."""
