"""Word documents, of today and of Word 97 to 2003."""
