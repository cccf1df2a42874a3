"""The guide to the settings file and the schema for editors, both generated from the models."""
