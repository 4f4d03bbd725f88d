"""SQLite databases and their SQL, as benchmarks bring them: schema, rows and queries in Oracle's terms."""
