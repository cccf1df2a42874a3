"""What makes every robot safe: from queue to decision, plans, performing, and finding out after a crash."""
