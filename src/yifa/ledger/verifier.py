"""The stand-alone verifier, as text to hand out."""

from importlib import resources


def verifier_script() -> str:
    """A program of one file, standard library only, that checks an exported ledger."""
    return (resources.files(__package__) / "verify_offline.py").read_text("utf-8")
