"""DATE, TIMESTAMP and INTERVAL: formats, arithmetic, time zones."""
