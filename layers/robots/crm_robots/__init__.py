"""Robots that do the rituals of a sales team on Bitrix24."""
