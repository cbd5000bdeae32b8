"""insulinoma: from the record of a patient with an insulin-secreting tumor to something that can be computed with."""

__version__ = "0.1.0"
