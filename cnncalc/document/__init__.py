"""What an answer is, as data: columns, rows and figures, before any format."""
