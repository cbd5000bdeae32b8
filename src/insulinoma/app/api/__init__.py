"""The public HTTP API, a part a file; its names are those of the JSON of the commands."""
