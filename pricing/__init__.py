"""Dated, sourced price rows, and the book that finds the row in force on a day."""
