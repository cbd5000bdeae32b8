"""Continuous glucose for people: the profile, its panels, tables and text."""
