"""The built-in engine: a child process around llama.cpp that serves one model file on loopback, and its parent's side.

Speaking HTTP to it is the business of `backends/`.
"""
