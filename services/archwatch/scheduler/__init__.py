"""The scheduler: polls feeds, makes entries of their items, publishes what is new."""
