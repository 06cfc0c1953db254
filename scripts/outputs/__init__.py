"""Receivers and readers of messages, for scripts/verify-outputs."""
