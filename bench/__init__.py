"""What `make bench` measures: ratios, both sides in one run. Modules print rows; docs/speed.md gets the tables."""
