"""The verbs of the `robots` command, and where each one lives."""

VERBS = {
    name: "import_" if name == "import" else name
    for name in (
        "publish",
        "check",
        "doctor",
        "inspect",
        "journal",
        "undo",
        "redrive",
        "reindex",
        "daily",
        "load",
        "rebalance",
        "requisites",
        "import",
        "export",
    )
}
"""A module in `admin/commands`, with a function of the same name."""
