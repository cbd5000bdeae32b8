"""The record of one patient: checked, sourced, computable."""
