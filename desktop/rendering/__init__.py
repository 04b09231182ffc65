"""A model's text as something that can be painted: Markdown as leaves, code as coloured spans.

Uses QtGui at most (text layout, painting); there are no widgets here.
"""
