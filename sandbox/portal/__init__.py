"""The portal itself: plain Python, no HTTP, driven in process by tests and by the server."""
