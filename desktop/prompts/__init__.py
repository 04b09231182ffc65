"""Readers of prompt frameworks and recipes in files. Knows core only; what a prompt is stands there."""
