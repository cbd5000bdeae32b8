"""What would have been: the same posterior draws under another regimen, in paired differences."""
