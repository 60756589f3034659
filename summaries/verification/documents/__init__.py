"""Claims against documents: text and tables, whatever their author. Pure."""
