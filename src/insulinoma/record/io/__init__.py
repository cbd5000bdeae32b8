"""Formats in which a record is read and written."""
