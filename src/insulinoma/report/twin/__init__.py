"""The twin in pictures and words: how it fits the course, and what would have been."""
