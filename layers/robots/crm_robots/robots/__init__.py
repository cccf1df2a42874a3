"""The shells around decisions: they read, ask for a decision, and see it through."""
