"""Oracle's regular expressions on RE2."""
