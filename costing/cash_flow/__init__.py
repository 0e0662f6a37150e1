"""What is paid in which month, what happens then, and who overtakes whom."""
