"""What the pages of questions show, read from rows and put in order."""
