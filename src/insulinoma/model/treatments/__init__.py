"""Treatments: each acts on inputs of the model or multiplies named parameters, and knows no solver."""
