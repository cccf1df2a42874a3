"""The demo: a real deployment on a local AWS, a portal with people, and a story that uses both."""
