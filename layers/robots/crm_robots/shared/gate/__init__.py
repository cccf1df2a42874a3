"""The gate of qualification and conversion: a lead with gaps may not stand at its stage or past it (Q2–Q4, C4).

Both robots hold a lead by `hold`; their texts, their memory and what else they do in the same step are their own.
"""
