"""Client status: who still works with which client, and whose client is about to be forgotten (S1 to S7)."""
