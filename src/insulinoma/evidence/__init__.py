"""The evidence: what the literature says on insulinoma and its treatment, with sources and conflicts.

Stands on its own tables and on row one of the design alone; it knows no record. Research and education only.
"""
