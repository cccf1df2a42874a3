"""The guide to the settings file and the schema for editors, both made of the models, so that they cannot drift."""
