"""The one line that every output carries."""

INTENDED_USE = (
    "Research and education only: not a medical device, no dosing advice. "
    "Not for diagnosis, treatment, monitoring or prognosis of any person."
)
