"""Runs a trial piece by piece, on one machine or a cluster, and keeps what is done."""
