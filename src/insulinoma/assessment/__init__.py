"""Assessment: the same published rules for real and simulated patients."""
