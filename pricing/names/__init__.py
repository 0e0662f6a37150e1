"""Names of models as people and logs write them -> ids of price rows."""
