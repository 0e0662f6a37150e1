"""Counting against tiktoken's own encode_ordinary_batch, and a large JSONL file on two processes.

MB per CPU second of texts made here from a seed, with and without the optional extra toktok-rs, in one run;
then the time and the peak memory of `python -m costing tokens` on a file of 100 MB, or of 1 GB.
Run: python -m perf.tokens [repeats] [--gigabyte]
"""

from __future__ import annotations

import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from costing.scenario.library import ready
from costing.tokenization.bulk import batch_tokens, engine
from costing.tokenization.tokens import encoding

ROOT = Path(__file__).resolve().parent.parent
ENCODING = "o200k_base"
CORPUS_BYTES = 4_000_000
HAN = re.compile(r"[\u4e00-\u9fff，。、；：？！「」]{6,}")


def corpora(rng: random.Random) -> dict[str, list[str]]:
    """Four kinds of text: sentences, words and lines of this project, shuffled, about as long as in use."""
    documents = [
        path.read_text(encoding="utf-8") for path in sorted(ROOT.rglob("*.md")) if ".venv" not in str(path)
    ]
    english = [line for text in documents for line in text.split("\n") if len(line) > 40]
    parts = [part.text for scenario in ready()[0].values() for part in scenario.parts.values()]
    catalogue = (ROOT / "i18n/locale/zh_TW/LC_MESSAGES/crossover.po").read_text(encoding="utf-8")
    chinese = [sentence for text in [*parts, catalogue] for sentence in HAN.findall(text)]
    code = [
        line
        for path in sorted((ROOT / "costing").rglob("*.py"))
        for line in path.read_text(encoding="utf-8").split("\n")
    ]
    return {
        "English": texts(rng, english, " ", 20_000),
        "Chinese": texts(rng, chinese, "。", 5_000),
        "code": texts(rng, code, "\n", 20_000),
        "short messages": texts(rng, " ".join(english).split(), " ", 80),
    }


def texts(rng: random.Random, lines: Sequence[str], join: str, characters: int) -> list[str]:
    """4 MB of texts of about `characters` characters each."""
    pieces, so_far = [], 0
    while so_far < CORPUS_BYTES:
        text = ""
        while len(text) < characters:
            text += rng.choice(lines) + join
        pieces.append(text)
        so_far += len(text.encode())
    return pieces


def cpu_s(work: Callable[[], object]) -> float:
    """CPU seconds of all threads of this process."""
    before = time.process_time()
    work()
    return time.process_time() - before


def speeds(repeats: int) -> None:
    """MB per CPU second of each counter, and how many times tiktoken's batch that is."""
    encode = encoding(ENCODING)
    fast = engine(ENCODING)
    print(f"{ENCODING}, counted by {fast.name}, MB per CPU second, median of {repeats}\n")
    print("| text | tiktoken encode_ordinary_batch | ours without the extra | times | ours | times |")
    print("|---|---|---|---|---|---|")
    for kind, batch in corpora(random.Random(11)).items():
        mb = sum(len(text.encode()) for text in batch) / 1e6
        peer: list[float] = []
        plain: list[float] = []
        ours: list[float] = []
        for _ in range(repeats):  # alternate, so that a slow moment affects all
            peer.append(cpu_s(lambda batch=batch: encode.encode_ordinary_batch(batch)))  # type: ignore[misc]
            plain.append(cpu_s(lambda batch=batch: [len(encode.encode_ordinary(t)) for t in batch]))  # type: ignore[misc]
            ours.append(cpu_s(lambda batch=batch: batch_tokens(batch, ENCODING)))  # type: ignore[misc]
        base, without, best = (mb / statistics.median(times) for times in (peer, plain, ours))
        print(
            f"| {kind} | {base:.1f} | {without:.1f} | {without / base:.1f} | {best:.1f} | {best / base:.1f} |"
        )


def large(megabytes: int) -> None:
    """The command line on two processes: seconds, MB per second, and the memory of all its processes."""
    rng = random.Random(12)
    texts_by_kind = corpora(rng)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.jsonl"
        with path.open("w", encoding="utf-8") as file:
            written, records = 0, 0
            while written < megabytes * 1_000_000:
                text = rng.choice(texts_by_kind[rng.choice(list(texts_by_kind))])[: rng.randint(80, 4_000)]
                line = json.dumps({"messages": [{"role": "user", "content": text}]}, ensure_ascii=False)
                file.write(line + "\n")
                written += len(line.encode()) + 1
                records += 1
        command = [sys.executable, "-m", "costing", "tokens", str(path), "--jobs", "2", "--json"]
        start = time.perf_counter()
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
            peak = 0.0
            while running.poll() is None:
                peak = max(peak, family_mb(running.pid))
                time.sleep(0.2)
            taken = time.perf_counter() - start
            answer = json.loads(running.stdout.read() if running.stdout else "{}")
    if answer["total"]["records"] != records:
        raise ValueError("not every record was counted")
    print(
        f"\n{megabytes:,} MB of JSONL, {records:,} chats, two processes, counted by {engine(ENCODING).name}: "
    )
    print(f"{taken:.0f} s, {megabytes / taken:.1f} MB/s, peak memory of all processes {peak:,.0f} MB")


def family_mb(pid: int) -> float:
    """Memory in use by a process and those it started; pages they share count for each."""
    total = 0.0
    waiting = [pid]
    while waiting:
        process = waiting.pop()
        try:
            status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
            children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
        except OSError:  # it has ended meanwhile
            continue
        resident = re.search(r"VmRSS:\s+(\d+) kB", status)
        total += int(resident.group(1)) / 1024 if resident else 0
        waiting += [int(child) for child in children.split()]
    return total


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    speeds(numbers[0] if numbers else 5)
    large(1_000 if "--gigabyte" in sys.argv else 100)
