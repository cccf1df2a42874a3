"""What `make bench` measures: ratios, both sides in one run. A module prints its rows; the README gets the tables."""
