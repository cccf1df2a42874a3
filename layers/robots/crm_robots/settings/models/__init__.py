"""The administrator's file, one module per section."""
