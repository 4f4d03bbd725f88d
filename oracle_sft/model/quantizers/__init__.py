"""One file for each package that quantises; they run in the worker's process and import nothing else of this project.

Each has `quantise(job)`: it reads the model in `job["model"]`, writes the quantised one to `job["out"]` with its
recipe, and returns what it did: algorithm, backend, backend_version, format, format_version, answer_loss, rows_seen,
tokens_seen.
"""
