"""A text as the word pieces that an encoder knows: the unigram model of SentencePiece (Kudo 2018)."""

from collections.abc import Mapping, Sequence
from typing import Final

_SPACE: Final = "\u2581"
_PENALTY: Final = 10.0  # of a character that no piece holds, below the unlikeliest piece
_NEVER: Final = -1e30
_BEGINNING: Final = 4


class Pieces:
    """Splits texts into the likeliest row of pieces; the time is linear in the length of the text."""

    def __init__(
        self, pieces: Mapping[str, int], scores: Sequence[float], unknown: int, spelling: Mapping[int, str]
    ) -> None:
        """`pieces` gives the number of each, `scores` its log-likelihood by that number; `spelling` maps code
        points to what stands for them."""
        self._pieces, self._scores, self._unknown, self._spelling = pieces, scores, unknown, spelling
        self._never_met = min(scores) - _PENALTY
        self._longest = max(map(len, pieces))
        # most places in a text begin no long piece: told by its first letters, they cost four look-ups
        self._beginnings = frozenset(piece[:_BEGINNING] for piece in pieces if len(piece) >= _BEGINNING)

    def split(self, text: str) -> list[int]:
        """The numbers of the pieces of `text`, in order."""
        words = text.translate(self._spelling)
        while "  " in words:
            words = words.replace("  ", " ")
        words = (words if words.startswith(" ") else f" {words}").replace(" ", _SPACE)
        return self._likeliest(words)

    def _likeliest(self, words: str) -> list[int]:
        """Viterbi: `best[n]` is the likelihood of the best row for the first n characters."""
        pieces, scores, length = self._pieces.get, self._scores, len(words)
        best = [0.0] + [_NEVER] * length
        piece_to, start_of = [self._unknown] * (length + 1), [0] * (length + 1)
        for start in range(length):
            before = best[start]
            long = words[start : start + _BEGINNING] in self._beginnings
            last = min(length, start + (self._longest if long else _BEGINNING - 1))
            for end in range(start + 1, last + 1):
                piece = pieces(words[start:end])
                if piece is not None and before + scores[piece] > best[end]:
                    best[end], piece_to[end], start_of[end] = before + scores[piece], piece, start
            if before + self._never_met > best[start + 1]:
                best[start + 1], start_of[start + 1] = before + self._never_met, start
                piece_to[start + 1] = self._unknown
        found, end = [], length
        while end:
            found.append(piece_to[end])
            end = start_of[end]
        return found[::-1]
