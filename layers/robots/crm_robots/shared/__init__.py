"""The words that all rooms use: items, actions, decisions, people, values. Pure: no clock, no chance, no I/O."""
