"""What stands beside cost, rules over it, a recommendation, and what would overturn it."""
