"""Functions of text and RAW."""
