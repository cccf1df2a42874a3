"""The `robots` command: settings, health and history of a deployed stack."""
