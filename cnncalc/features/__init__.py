"""What people ask for: a folder a command, which holds its numbers, its page and its options."""
