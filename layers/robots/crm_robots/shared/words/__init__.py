"""What robots did, in words for people: the journal keeps them as they were at that moment (T1)."""
