"""Client status: who still works with which client, and whose client is about to be forgotten."""
