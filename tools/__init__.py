"""Tools for developers: translation catalogue, vocabularies, comparison of outputs."""
