"""What the pages show, read from the tables: no markup here, and nothing is written."""
