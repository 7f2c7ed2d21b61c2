"""The steps, oldest first; docs/operations.md says how to add one."""
