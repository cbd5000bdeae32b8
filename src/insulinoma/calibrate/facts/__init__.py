"""What a record tells the model: when, what was given, and what was seen."""
