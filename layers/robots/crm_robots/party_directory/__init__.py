"""Directories of companies and banks that are asked over HTTP."""
