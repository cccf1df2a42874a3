"""The page that asks for what a card lacks (Q11)."""
