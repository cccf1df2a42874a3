"""Conversion: a lead leaves its contact, company and deal behind."""
