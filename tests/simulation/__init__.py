"""A company's life in one process, repeatable to the last step: people, robots, portal and AWS, with every fault."""
