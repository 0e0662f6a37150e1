"""Decision: facts of each strategy, rules, recommendation and its sensitivity."""
