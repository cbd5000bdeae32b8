"""Simulation: regimens and protocols in, named series with units out."""
