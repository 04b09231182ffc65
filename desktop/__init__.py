"""Candor: a desktop chat client for private language models."""

__version__ = "0.1.0"
