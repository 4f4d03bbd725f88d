"""Queries and what they are built of: FROM, WITH, hierarchies, PIVOT, ROWNUM, FETCH."""
