"""GROUP BY, group functions and analytic functions."""
