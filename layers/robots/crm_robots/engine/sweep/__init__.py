"""Changes whose events were lost are handed to the robots, once a day (D9)."""
