"""Decides whom a story concerns, and tells them."""
