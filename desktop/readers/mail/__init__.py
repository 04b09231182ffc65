"""Mails and what is attached to them."""
