"""The twin of one patient: parameters inferred from all facts of a record, with their uncertainty."""
