"""Files of other formats are recognised and counted, or a line says that they are not priced."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any

import pytest

from costing.fine_tuning.cost import Job, jobs, tokenizers
from costing.fine_tuning.tokens import TrainingData, measured
from costing.fine_tuning.training_file import TrainingFile, examples
from i18n.errors import CrossoverError
from pricing.rows import TrainingPrice, TunedPrice
from tests.support.paths import GOLDEN

from ...support.factories import DAY, frozen_book, frozen_prices

FILES = GOLDEN / "training_files"
O200K = "o200k_base"


def content_of(name: str) -> bytes:
    return (FILES / f"{name}.jsonl").read_bytes()


def counted(content: bytes) -> TrainingData:
    prices = frozen_prices()
    return measured(io.BytesIO(content), "a.jsonl", [prices.tokenizer(name) for name in (O200K, "unknown")])


def lines_of(content: bytes, *, warnings: bool = False) -> list[str]:
    """Errors of a file, or its warnings, each in one line."""
    file = TrainingFile("a.jsonl")
    list(examples(io.BytesIO(content), file))
    return [str(file.located(finding)) for finding in file.kept if finding.is_warning == warnings]


def file_with(record: Any, like: str = "bedrock") -> bytes:
    """A file of ten valid examples in that format, followed by `record`."""
    return content_of(like) + json.dumps(record).encode()


def priced(name: str) -> dict[str, Job]:
    """The jobs of a file on the day of the frozen tables, by offer."""
    prices = frozen_book().on(DAY)
    data = measured(io.BytesIO(content_of(name)), "a.jsonl", tokenizers(prices))
    return {job.offer.id: job for job in jobs(data, prices)}


# In o200k_base "You sell garden tools." has 5 tokens (You| sell| garden| tools|.), "Is spade 3 in stock?" 8
# (Is| sp|ade| |3| in| stock|?), "Spade 3 is in stock." 8 and "Maybe." 2 (Maybe|.). A role has 1, a message 3,
# an example 3.
@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        # 3 + (3 + 1 + 5) + (3 + 1 + 8) + (3 + 1 + 8) = 36, in whichever format they are written.
        ("openai", 36),
        ("bedrock", 36),
        ("gemini", 36),
        ("claude", 36),
        # No system message: 3 + (3 + 1 + 0) + (3 + 1 + 8).
        ("completions", 19),
        # The prompt and both answers: 3 + (3 + 1 + 8) + (3 + 1 + 8) + (3 + 1 + 2).
        ("pairs", 33),
        # The text alone: 3 + (3 + 1 + 8) + (3 + 1 + 8).
        ("vision", 27),
    ],
)
def test_each_format_is_counted_as_its_messages(name: str, tokens: int) -> None:
    data = counted(content_of(name))
    assert data.file.errors == 0
    assert data.lengths.tolist() == [tokens] * 10


def test_a_format_says_once_for_whom_it_is_written() -> None:
    assert lines_of(content_of("openai"), warnings=True) == []
    assert lines_of(content_of("bedrock"), warnings=True) == [
        "a.jsonl:1: Bedrock's conversation format: counted as messages (keep the file for Bedrock; convert a "
        "copy for other vendors)"
    ]
    assert lines_of(content_of("pairs"), warnings=True) == [
        "a.jsonl:1: preference pairs (DPO): the prompt and both answers of each pair are counted, and only "
        "offers with DPO are priced"
    ]
    for name in ("gemini", "claude", "completions"):
        (line,) = lines_of(content_of(name), warnings=True)
        assert "convert a copy" in line


def test_no_advice_for_a_file_of_another_format_takes_anything_out_of_it() -> None:
    for path in sorted(FILES.glob("*.jsonl")):
        text = lines_of(path.read_bytes()) + lines_of(path.read_bytes(), warnings=True)
        assert not [line for line in text if "remove" in line or "leave it out" in line], path.name


def test_prompts_with_a_reference_answer_are_named_as_rft_and_not_priced() -> None:
    text = (
        "a prompt for reinforcement fine-tuning (RFT), with 'reference_answer' for the grader: billed by the "
        "hour of training and not priced here (keep the file for an RFT job)"
    )
    assert lines_of(content_of("reinforcement")) == [f"a.jsonl:{line}: {text}" for line in range(1, 11)]


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"prompt": "a", "chosen": "b", "rejected": "c"}, "preference pairs of TRL"),
        ({"prompt": "a", "completion": "b", "label": True}, "KTO"),
        ({"conversations": [{"from": "human", "value": "a"}]}, "the format of ShareGPT"),
        ({"instruction": "a", "input": "", "output": "b"}, "the format of Alpaca"),
        ({"text": "a"}, "plain text for continued pre-training"),
    ],
)
def test_a_known_format_that_is_not_counted_is_called_by_its_name(record: Any, text: str) -> None:
    (line, _) = lines_of(json.dumps(record).encode())
    assert text in line
    assert "remove" not in line


def test_forms_do_not_mix() -> None:
    mixed = [json.loads(content_of(name).splitlines()[0]) for name in ("bedrock", "pairs", "completions")]
    content = content_of("openai") + b"".join(json.dumps(record).encode() + b"\n" for record in mixed)
    assert lines_of(content) == [
        "a.jsonl:11: Bedrock's conversation format in a file of messages (use one form throughout)",
        "a.jsonl:12: a preference pair in a file of messages (use one form throughout)",
        "a.jsonl:13: prompt and completion in a file of messages (use one form throughout)",
    ]


def test_an_example_without_system_text_belongs_to_a_file_of_examples_with_it() -> None:
    bare = {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
    assert lines_of(file_with(bare, "claude")) == []
    assert lines_of(json.dumps(bare).encode() + b"\n" + content_of("claude")) == []


def turn(role: str, *parts: Any, key: str = "content") -> dict[str, Any]:
    return {"role": role, key: list(parts)}


TEXT = {"text": "Hello."}
SCHEMA = {"schemaVersion": "bedrock-conversation-2024"}
PAIR = [turn("user", TEXT), turn("assistant", TEXT)]


@pytest.mark.parametrize(
    ("record", "error"),
    [
        (
            {"system": [TEXT], "messages": PAIR},
            'no schemaVersion (add "schemaVersion": "bedrock-conversation-2024")',
        ),
        (
            {"schemaVersion": "2023", "messages": PAIR},
            "schemaVersion '2023' (write 'bedrock-conversation-2024')",
        ),
        (
            {**SCHEMA, "system": "Be brief.", "messages": PAIR},
            'system: not a list of texts (write [{"text": ...}])',
        ),
        (
            {**SCHEMA, "messages": [{"role": "user", "content": "Hello."}, PAIR[1]]},
            'messages[1]: no content (write [{"text": ...}])',
        ),
        (
            {**SCHEMA, "messages": [turn("user", {"text": " "}), PAIR[1]]},
            "messages[1]: content[1]: nothing but blanks (write a text)",
        ),
        (
            {**SCHEMA, "messages": [turn("user", {"type": "text"}), PAIR[1]]},
            'messages[1]: content[1]: no part that is known (write {"text": ...}, or one of document, image, '
            "reasoningContent, toolResult, toolUse, video)",
        ),
        (
            {**SCHEMA, "messages": [PAIR[0]]},
            "the last turn is not the model's, role assistant (end with the answer to learn)",
        ),
        (
            {**SCHEMA, "messages": [PAIR[0], PAIR[0], PAIR[1], PAIR[1]]},
            "user and assistant do not take turns, the user first (put them in turn)",
        ),
    ],
)
def test_errors_of_bedrocks_format_have_their_place(record: Any, error: str) -> None:
    assert lines_of(file_with(record)) == [f"a.jsonl:11: {error}"]


def test_a_role_of_another_vendor_is_an_error_of_geminis_format() -> None:
    record = {"contents": [turn("user", TEXT, key="parts"), turn("assistant", TEXT, key="parts")]}
    assert lines_of(file_with(record, "gemini")) == [
        "a.jsonl:11: contents[2]: 'assistant' is no role (one of user, model, function)",
        "a.jsonl:11: the last turn is not the model's, role model (end with the answer to learn)",
    ]


GOOD = {"role": "assistant", "content": "Yes."}
PROMPT = {"messages": [{"role": "user", "content": "Late?"}]}


@pytest.mark.parametrize(
    ("record", "error"),
    [
        (
            {"preferred_output": [GOOD], "non_preferred_output": [GOOD]},
            'input: no messages (write {"messages": [...]})',
        ),
        ({"input": PROMPT, "preferred_output": [GOOD]}, "no non_preferred_output (add it)"),
        (
            {"input": PROMPT, "preferred_output": "Yes.", "non_preferred_output": [GOOD]},
            'preferred_output: not a list of messages (write [{"role": "assistant", ...}])',
        ),
        (
            {"input": PROMPT, "preferred_output": [{**GOOD, "content": ""}], "non_preferred_output": [GOOD]},
            "preferred_output[1]: nothing but blanks in content (add what is said)",
        ),
        (
            {
                "input": PROMPT,
                "preferred_output": [PROMPT["messages"][0], GOOD],
                "non_preferred_output": [GOOD],
            },
            "preferred_output: a role besides assistant and tool (put the prompt into input)",
        ),
    ],
)
def test_errors_of_a_preference_pair_have_their_place(record: Any, error: str) -> None:
    assert lines_of(file_with(record, "pairs")) == [f"a.jsonl:11: {error}"]


def test_preference_pairs_are_priced_at_offers_of_dpo_alone() -> None:
    priced_jobs = priced("pairs")
    assert all("DPO" in job.offer.method for job in priced_jobs.values())
    # 10 pairs of 33 tokens x 3 epochs = 990 tokens at 25 USD per Mtok.
    job = priced_jobs["openai/tuned-gpt-4.1"]
    assert (job.trained_tokens, job.epochs_from, str(job.usd)) == (990, "assumed", "0.024750")
    assert job.evidence == "assumed"


def test_chats_are_priced_at_no_offer_of_dpo_or_rft_alone() -> None:
    methods = {job.offer.method for job in priced("openai").values()}
    assert "SFT" in methods
    assert not {method for method in methods if method in ("RFT", "Full DPO", "LoRA DPO")}


def test_low_detail_images_are_85_tokens_each_for_gpt_4o_and_left_out_where_no_number_is_published() -> None:
    priced_jobs = priced("vision")
    # 10 examples of 27 tokens and an image of 85 (https://platform.openai.com/docs/guides/images-vision).
    large, small = priced_jobs["azure/tuned-gpt-4o@global"], priced_jobs["azure/tuned-gpt-4.1-mini@global"]
    assert (large.billed.dataset.tokens, large.notes) == (1120, [])
    assert small.billed.dataset.tokens == 270
    assert [str(note) for note in small.notes] == ["of the text alone: 10 images or other media are left out"]
    # What leaves something out is not listed as the cheapest.
    amounts = [job.left_out for job in priced_jobs.values() if job.usd is not None]
    assert amounts == sorted(amounts)


def test_media_of_unknown_size_are_left_out_and_said_once_with_their_number() -> None:
    picture = {"image": {"format": "png", "source": {"s3Location": {"uri": "s3://b/1.png"}}}}
    record = {**SCHEMA, "messages": [turn("user", TEXT, picture, picture), turn("assistant", TEXT)]}
    content = file_with(record)
    assert lines_of(content) == []
    assert lines_of(content, warnings=True)[1] == (
        "a.jsonl: 2 images, videos or documents, whose sizes the file does not tell: left out, the text is "
        "priced alone (count images by python -m costing image)"
    )


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (
            {"role": "user", "content": [{"type": "image_url", "image_url": "https://example.org/1.png"}]},
            'content[1]: image_url: no address of an image (write {"url": "https://..."}, or a data URL)',
        ),
        (
            {
                "role": "user",
                "content": [
                    {"type": "image_url", "image_url": {"url": "https://example.org/1.png", "detail": "tiny"}}
                ],
            },
            "content[1]: image_url: detail 'tiny' (one of low, high, auto)",
        ),
        (
            {
                "role": "system",
                "content": [{"type": "image_url", "image_url": {"url": "https://example.org/1.png"}}],
            },
            "content[1]: an image in a message that is not the user's (put it into a user's message)",
        ),
    ],
)
def test_errors_of_an_image_have_their_place(message: Any, error: str) -> None:
    record = {"messages": [message, {"role": "assistant", "content": "A spade."}]}
    assert lines_of(file_with(record, "vision")) == [f"a.jsonl:11: messages[1]: {error}"]


def test_an_image_in_a_preference_pair_is_an_error() -> None:
    picture = {"type": "image_url", "image_url": {"url": "https://example.org/1.png"}}
    prompt = {"messages": [{"role": "user", "content": [{"type": "text", "text": "What?"}, picture]}]}
    record = {"input": prompt, "preferred_output": [GOOD], "non_preferred_output": [GOOD]}
    assert lines_of(file_with(record, "pairs")) == [
        "a.jsonl:11: input: an image (DPO takes text only: leave the example out)"
    ]


def test_where_nobody_takes_pairs_it_is_one_line() -> None:
    tables = {table: list(rows) for table, rows in frozen_book().tables().items()}
    for table, kind in (("finetunes", TunedPrice), ("training", TrainingPrice)):
        rows = [row for row in tables[table] if isinstance(row, kind) and "DPO" not in row.method]
        tables[table] = [*rows]
    prices = type(frozen_book())(tables).on(DAY)
    with pytest.raises(CrossoverError, match="no vendor takes preference pairs"):
        jobs(counted(content_of("pairs")), prices)


VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    0.5,
    "",
    "a",
    "tool",
    [],
    {},
    [1],
    {"a": 1},
    [{}],
    {"text": "a"},
    [{"text": "a"}],
    "low",
)
FIELDS = ("role", "content", "text", "type", "parts", "tool_calls", "image_url", "system", "tools", "input")


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) within a JSON value."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [place for key in keys for place in ((value, key), *places(value[key]))]


@pytest.mark.parametrize("path", sorted(FILES.glob("*.jsonl")), ids=lambda path: path.stem)
def test_a_record_with_anything_wrong_in_it_is_an_example_or_an_error(path: Path) -> None:
    chance = random.Random(7)
    first = path.read_text(encoding="utf-8").splitlines()[0]
    for _ in range(300):
        record = json.loads(first)
        container, key = chance.choice(places(record))
        if isinstance(container, dict) and chance.random() < 0.3:
            key = chance.choice(FIELDS)
        container[key] = chance.choice(VALUES)
        file = TrainingFile("a.jsonl")
        number = len(list(examples(io.BytesIO(json.dumps(record).encode()), file)))
        assert number == file.examples == 1 - file.faulty_lines
        assert number or [finding for finding in file.kept if finding.line == 1]
