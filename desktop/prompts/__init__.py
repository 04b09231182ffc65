"""Reads prompt frameworks and recipes from their files. Knows core only; what a prompt is stands there."""
