"""What the head's letter says (D13), in English. Both languages have the same keys and placeholders."""

WORDS = {
    "title": "[B]Your people and their clients, {day}[/B]",
    "changed": "Changed status this week: {count}",
    "lost": "Lost this week: {count}",
    "rescued": "Rescued this week: {count}",
    "due": "Change status within 7 days: {count}",
    "above": "More clients than one can look after: {names}",
    "none": "nobody",
    "snoozed": "Paused: {count}",
    "link": "[URL={url}]See how everybody is doing[/URL]. The link opens for so many days: {days}.",
    "day": "%Y-%m-%d",
}
