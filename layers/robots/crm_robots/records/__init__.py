"""The tables and queues behind the robots."""
