"""JSON functions, paths and JSON_TABLE."""
