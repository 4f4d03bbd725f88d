"""Readers: a file of one format -> pairs as it says them, and the places that hold none."""
