"""How programs know the lines of the report; a list says for people what each is called (`admin/texts`)."""

ACCOUNT = "functions at once"
ADDRESSES = "queue addresses"
CALENDAR = "working days"
CLOCK = "portal's clock"
DAY = "last daily run"
DEAD_LETTERS = "dead letters"
DRIFT = "settings against the portal"
EVENTS = "last event"
HOSTS = "portal hosts"
MODE = "CRM mode"
OWNER = "webhook's owner"
PORTAL = "portal"
SCHEDULE = "schedule"
SCOPES = "scopes"
SECRETS = "secrets"
SETTINGS = "settings"
STATISTICS = "call statistics"
TOKENS = "tokens"
WEBHOOK = "incoming webhook"


def about(name: str, part: str) -> str:
    """`settings: routing`."""
    return f"{name}: {part}"


def key_of(name: str) -> str:
    """The key of what people call it; a part stands behind."""
    return "title." + name.partition(": ")[0].replace(" ", "_").replace("'", "").casefold()
