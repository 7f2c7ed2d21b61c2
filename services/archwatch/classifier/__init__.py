"""Decides which entries concern the European security architecture, and how surely."""
