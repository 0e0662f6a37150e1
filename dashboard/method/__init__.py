"""Texts of the method page: sections by language, values from the code, glossary."""
