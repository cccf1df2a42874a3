"""The `robots` command of administrators."""
