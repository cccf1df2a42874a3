"""One module per verb of the `robots` command."""
