"""Base of strategies: declarations, profile, and parts that several strategies share."""
