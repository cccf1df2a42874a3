"""A local AWS: MiniStack, with the very template that goes to AWS deployed on it."""
