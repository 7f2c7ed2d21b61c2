"""From a flagged story to who did or said what to whom: pure functions, no I/O but reading config/."""
