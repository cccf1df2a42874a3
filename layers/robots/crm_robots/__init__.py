"""Robots that do the routine work of a sales team in Bitrix24."""
