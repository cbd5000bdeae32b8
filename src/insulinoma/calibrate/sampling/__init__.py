"""Draws of a posterior whose prior is standard normal, whatever it is of."""
