"""What robots gave up on is told to the administrators: once, in words that say what to do."""
