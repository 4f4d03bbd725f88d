"""NUMBER, BINARY_FLOAT and BINARY_DOUBLE: arithmetic, quotients, formats."""
