"""The day over the clients' statuses: who drops, who is warned, who hears of it (D1 to D6)."""
