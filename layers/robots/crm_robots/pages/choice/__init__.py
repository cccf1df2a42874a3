"""The page on which a person says which card a lead belongs to (C13)."""
