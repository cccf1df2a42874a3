"""A local AWS: MiniStack with the same template that goes to AWS."""
