"""What each kind of file holds as text: one module a kind, all giving `Piece`s."""

from .pieces import Piece, Unread

__all__ = ["Piece", "Unread"]
