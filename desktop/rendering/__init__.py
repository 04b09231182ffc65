"""Turns what a model writes into something that can be painted: Markdown to leaves, code to coloured spans.

Uses QtGui at most (text layout, painting); there are no widgets here.
"""
