"""Compare what two checkouts print and write for every shipped scenario, byte by byte.

    python -m tools.compare_outputs OLD_CHECKOUT NEW_CHECKOUT

Runs the commands of both checkouts with this Python, and lists every file that differs. File names of the
code that appear as a source ("costing/…/facts.py") are not compared: a move of a file changes no figure.
Nor is what was added on purpose (`INTENDED`).
Exits with 1 if anything differs.
"""

from __future__ import annotations

import difflib
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

DRIVER: Final = """
import contextlib, io, sys
from pathlib import Path
from costing.__main__ import main as costing
from pricing.__main__ import main as pricing

out = Path(sys.argv[1])
scenarios = sorted(path.stem for path in Path("scenarios").glob("*.yaml"))

def keep(name, program, *arguments):
    printed, complaints = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complaints):
        try:
            status = program([str(argument) for argument in arguments])
        except SystemExit as error:
            status = error.code
    text = printed.getvalue() + complaints.getvalue() + f"status {status}\\n"
    (out / f"{name}.txt").write_text(text, encoding="utf-8")

for scenario in scenarios:
    for command in ("compare", "breakeven", "cashflow", "decide"):
        keep(f"{scenario}.{command}", costing, command, scenario)
        keep(f"{scenario}.{command}.json", costing, command, scenario, "--json")
        keep(f"{scenario}.{command}.twd", costing, command, scenario, "--json", "--currency", "TWD")
    for command in ("compare", "cashflow", "decide"):
        table = out / f"{scenario}.{command}.csv"
        keep(f"{scenario}.{command}.csv.status", costing, command, scenario, "--csv", table)
    keep(f"{scenario}.uncertainty.json", costing, "uncertainty", scenario, "--draws", "400", "--json")
    keep(f"{scenario}.uncertainty", costing, "uncertainty", scenario, "--draws", "400", "--at-most", "25e6")
    keep(f"{scenario}.later.json", costing, "compare", scenario, "--on", "2027-01-15", "--json")
    keep(f"{scenario}.rank.json", costing, "rank", "--workload", scenario, "--json")
    keep(f"{scenario}.map.json", costing, "map", scenario, "--inputs", "--json")
    keep(f"{scenario}.training.json", costing, "training", "scenarios/brand_voice_training.jsonl",
         "--scenario", scenario, "--json")
keep("scenarios", costing, "scenarios")
keep("tokens.json", costing, "tokens", "tests/golden/cookbook_chat.json", "--json")
keep("throughput.json", costing, "throughput", "--model", "llama-3.1-8b", "--gpu", "h100-sxm", "--json")
keep("pricing.check", pricing, "check")
keep("pricing.show", pricing, "show", "openai/gpt-4.1", "--on", "2026-11-22")
keep("pricing.history", pricing, "history", "google/gemini-3.8-flash")
"""
INTENDED: Final = re.compile(rb',\n  "scalar_fallbacks": \[\]')
"""What newer outputs have on purpose: the count of draws that were evaluated one by one, none here."""
CODE_PATH: Final = re.compile(rb"(?:costing|pricing|dashboard|bench|perf|tests)/[a-z0-9_/]+\.py")


def outputs(checkout: Path, folder: Path) -> dict[str, bytes]:
    """File name -> bytes of everything that the checkout's commands print and write."""
    folder.mkdir()
    subprocess.run([sys.executable, "-c", DRIVER, str(folder)], cwd=checkout, check=True)
    return {
        path.name: INTENDED.sub(
            b"", CODE_PATH.sub(b"<code>", path.read_bytes().replace(str(folder).encode(), b"<out>"))
        )
        for path in sorted(folder.iterdir())
    }


def main() -> int:
    """Print a line for each output that differs, with its first difference."""
    old, new = (Path(argument).resolve() for argument in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as scratch:
        before = outputs(old, Path(scratch, "old"))
        after = outputs(new, Path(scratch, "new"))
    different = [name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]
    for name in different:
        lines = difflib.unified_diff(
            before.get(name, b"").decode(errors="replace").splitlines(),
            after.get(name, b"").decode(errors="replace").splitlines(),
            lineterm="",
            n=0,
        )
        print(name, *list(lines)[2:8], sep="\n    ")
    print(f"{len(before)} outputs before, {len(after)} after, {len(different)} different")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
