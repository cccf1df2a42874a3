"""What administrators write, and how it becomes the rules that robots read.

Only the settings function and the `robots` command import this package: pydantic is slow to load, and a robot
needs nothing but the compiled rules.
"""
