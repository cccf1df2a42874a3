"""The page that asks a person for consent to a change (Q7)."""
