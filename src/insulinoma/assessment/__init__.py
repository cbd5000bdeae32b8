"""Published criteria as pure functions on a case record."""
