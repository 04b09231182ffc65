"""Models as far as they are files of Candor: copies, and what is remembered of them."""
