"""Deals that end: what they say about the client goes onto the client's card, where the next person will see it."""
