"""The demo: a real deployment on a local AWS, a portal with people in it, and a story that is played through both."""
