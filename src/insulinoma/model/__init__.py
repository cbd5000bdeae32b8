"""The mechanistic model: subsystems with units, their composition, and the twin that they make."""
