"""What the robots decide: plain values in, actions out. No clock, no chance, no I/O."""
