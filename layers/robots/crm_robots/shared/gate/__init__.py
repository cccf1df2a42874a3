"""The gate of qualification and conversion: a lead with gaps may not stand at its stage or past it (Q2–Q4, C4).

Both robots use `hold`; each has its own texts, memory and further actions of the step.
"""
