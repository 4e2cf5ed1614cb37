"""Chinese text: read, searched, checked.

What an official hands in is read into a `Reading` (characters and the places they stand in); citations in it are found
and resolved, prohibited content and repetition are found. Whatever is found is a `Finding`: it points at words, names the
rule and its article, and decides nothing.
"""
