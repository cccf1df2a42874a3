"""An administrator takes back what robots did (T3)."""
