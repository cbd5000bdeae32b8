"""Glucose over time: the metrics and episodes of the international consensus."""
