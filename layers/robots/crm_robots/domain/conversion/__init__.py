"""Leads that become clients: contact, company, requisite, bank details and deal, linked and exactly once."""
