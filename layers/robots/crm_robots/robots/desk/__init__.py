"""The head's desk: who carries how much, who is about to be lost, and what looks odd (D10 to D13)."""
