"""One definition, three clouds: priced and placed before it exists."""
