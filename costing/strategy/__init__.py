"""What every strategy declares, and the parts that several strategies share."""
