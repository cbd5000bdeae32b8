"""The report of an in-silico trial: pages, pictures, and every number as a table."""
