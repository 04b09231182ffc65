"""What is listed of the conversations in the database: those that are not in the bin, and those that are."""
