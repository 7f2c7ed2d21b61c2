"""HTTP to the outside: public addresses only, bounded in size, time and redirects, and polite."""
