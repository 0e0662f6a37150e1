"""What the command lines take and print."""
