"""What the lost-deal robot writes, in English. Both languages have the same keys and placeholders."""

WORDS = {
    "because": "The deal moved to the stage “{stage}”.",
    "because_deal": "The deal {deal} moved to the stage “{stage}”.",
    "changed": "Changed on the clients' cards:",
    "changed_here": "Changed on this card:",
    "empty": "empty",
    "refused": "A client's card was not changed: {refusal} The robot tries again at the next change of the deal.",
    "video": "A video on this: [URL={video}]{video}[/URL]",
    "expired": "The days of the mark are over, the card has its earlier values again:",
    "reopened": "The deal {deal} is open again, the card has its earlier values again:",
    "reopened_deal": "The deal is open again, the clients' cards have their earlier values again:",
}

WHY = {
    "L1": "The stage at which a deal ended says something about the client.",
    "L2": "What was changed on the client's card, and why, is noted in the timeline.",
    "L4": "The mark holds for a limited time, then the field gets its earlier value back.",
    "L5": "The client is in the stop-list: it is left alone, and its days stand still.",
}
"""The robot's rules, each in a sentence, for the journal (T1)."""

YES_NO = {True: "yes", False: "no"}
"""A value of a yes/no field."""
