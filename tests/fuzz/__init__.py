"""What comes from outside, at random: `make fuzz` looks for inputs; `tests/test_fuzz.py` repeats what it found."""
