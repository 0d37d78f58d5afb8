"""The rows of the table of keys, one file per kind of definition."""
