"""What the command says: a file per language, with the same keys."""
