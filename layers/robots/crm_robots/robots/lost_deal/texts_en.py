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
