"""Pairs of ids that a person labelled: one released checkpoint, one served another way, or two models.

The pairs below always run. Where a labelled file stands outside the project it is scored too, by its bounds.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from modeltui.merge.aliases import Aliases
from modeltui.merge.match import link
from modeltui.model import Offer

SHARED = Path(__file__).parents[2].parent / "shared"

SAME = """
alpha mistralai/Mixtral-8x22B-Instruct-v0.1 | beta mixtral-8x22b-instruct-v0.1
alpha Qwen/QwQ-32B | vercel alibaba/qwq-32b
alpha google/gemma-3-27b-it | vercel google/gemma-3-27b
alpha meta-llama/Llama-3.1-8B-Instruct | cerebras llama3.1-8b
alpha unsloth/Mistral-Nemo-Instruct-2407 | openrouter mistralai/mistral-nemo:free
alpha deepseek-ai/DeepSeek-V3-0324 | openrouter deepseek/deepseek-chat-v3-0324
alpha moonshotai/Kimi-K2-Instruct | openrouter moonshotai/kimi-k2
alpha zai-org/GLM-4.5-Air | beta z-ai/glm-4.5-air
alpha anthropic/claude-4.1-opus | anthropic claude-opus-4-1
alpha amazon/nova-micro-v1 | vercel amazon/nova-micro
alpha accounts/fireworks/models/qwen2p5-vl-32b-instruct | openrouter qwen/qwen2.5-vl-32b-instruct
alpha accounts/fireworks/models/flux-1-dev-fp8 | hyperbolic FLUX.1-dev
groq mistral-saba-24b | mistral mistral-saba-2502
alpha ai21labs/jamba-1.5-large-instruct | github ai21-labs/ai21-jamba-1.5-large
alpha sao10k/l31-70b-euryale-v2.2 | beta sao10k/l3.1-70b-euryale-v2.2
alpha scb10x/scb10x-llama3-1-typhoon2-70b-instruct | openrouter scb10x/llama3.1-typhoon2-70b-instruct
alpha xai/grok-2 | xai grok-2-1212
alpha hf:deepseek-ai/DeepSeek-V3 | beta deepseek-ai/DeepSeek-V3
openai text-embedding-3-small | alpha openai/text-embedding-3-small
alpha meta-llama/Llama-3.2-3B-Instruct | venice llama-3.2-3b
alpha openai/gpt-oss-120b | cerebras gpt-oss-120b
alpha google.gemma-3-4b-it | beta google/gemma-3-4b-it
"""

VARIANT = """
alpha deepseek-ai/DeepSeek-R1-0528 | together deepseek-ai/DeepSeek-R1-0528-tput
alpha deepseek-ai/DeepSeek-V3-0324 | nebius deepseek-ai/DeepSeek-V3-0324-fast
alpha Qwen/Qwen3-235B-A22B | together Qwen/Qwen3-235B-A22B-fp8-tput
alpha meta-llama/Meta-Llama-3-8B-Instruct | together meta-llama/Meta-Llama-3-8B-Instruct-Lite
alpha Qwen/Qwen3-32B | chutes Qwen/Qwen3-32B-TEE
alpha openai/o3 | requesty openai/o3:flex
alpha openai/o3-mini | openrouter openai/o3-mini-high
alpha google/gemma-3-12b-it | ollama gemma3:12b
alpha openai/gpt-4.1-mini | openai gpt-4.1-mini-2025-04-14
alpha meta-llama/llama-4-maverick | fireworks accounts/fireworks/models/llama4-maverick-instruct-basic
xai grok-3 | xai grok-3-fast
anthropic claude-3-7-sonnet-20250219 | anthropic claude-3-7-sonnet-latest
"""

DIFFERENT = """
openai gpt-4o | openai gpt-4o-mini
alpha glm-4.5 | alpha glm-4.5v
alpha z-ai/glm-5-turbo | alpha z-ai/glm-5v-turbo
alpha mistralai/magistral-small-2506 | alpha mistralai/mistral-small-2506
alpha mistral-small-2503 | alpha mistral-small-2603
alpha inclusionai/ling-2.6-1t | alpha inclusionai/ring-2.6-1t
cohere command-a-03-2025 | cohere command-r-08-2024
alpha BAAI/bge-large-en-v1.5 | alpha thenlper/gte-large-en-v1.5
alpha Qwen/Qwen3-235B-A22B-Instruct-2507 | alpha Qwen/Qwen3-235B-A22B-Thinking-2507
alpha Qwen/Qwen3-235B-A22B | beta Qwen/Qwen3-235B-A22B-Instruct-2507
alpha deepseek-ai/DeepSeek-R1 | beta deepseek-ai/DeepSeek-R1-0528
alpha deepseek-ai/DeepSeek-V3 | beta deepseek-ai/DeepSeek-V3.1
alpha moonshotai/Kimi-K2-Instruct | beta moonshotai/Kimi-K2-Instruct-0905
alpha x-ai/grok-4-fast-reasoning | alpha x-ai/grok-4-fast-non-reasoning
alpha x-ai/grok-4 | beta x-ai/grok-4-fast
alpha google/gemini-1.5-flash | beta google/gemini-1.5-flash-8b
alpha google/gemini-2.5-flash | beta google/gemini-2.5-flash-lite
alpha meta-llama/Llama-3.1-8B | alpha meta-llama/Llama-3.1-8B-Instruct
alpha mistralai/Mixtral-8x7B-Instruct-v0.1 | beta mistralai/Mixtral-8x22B-Instruct-v0.1
alpha openai/gpt-oss-20b | beta openai/gpt-oss-120b
alpha nvidia/llama-3.3-nemotron-super-49b-v1 | beta nvidia/llama-3.3-nemotron-super-49b-v1.5
alpha qwen2.5-vl-72b-instruct | beta qwen2.5-vl-7b-instruct
alpha openai/whisper-large-v3 | beta openai/whisper-large-v3-turbo
hyperbolic TTS | openai tts-1
openrouter openrouter/auto | orcarouter orcarouter/auto
alpha deepseek-ai/DeepSeek-R1 | ollama deepseek-r1:14b
openai o1-pro | openai o1-preview
alpha someone/Llama-3.3-70B-Instruct | beta meta-llama/Llama-3.3-70B-Instruct
alpha voyage-3-lite | alpha voyage-3
"""


def _pairs(table: str) -> Iterator[tuple[Offer, Offer]]:
    for line in table.strip().splitlines():
        one, other = (side.strip().split(" ", 1) for side in line.split("|"))
        yield Offer(one[0], one[1]), Offer(other[0], other[1])


def _together() -> Mapping[Offer, tuple[str, str | None]]:
    offers = list(
        dict.fromkeys(offer for table in (SAME, VARIANT, DIFFERENT) for pair in _pairs(table) for offer in pair)
    )
    linking = link(offers, Aliases.none())
    return dict(zip(offers, zip(linking.keys, linking.variants, strict=True), strict=True))


@pytest.mark.parametrize("pair", _pairs(SAME), ids=lambda pair: f"{pair[0].id} {pair[1].id}")
def test_two_spellings_of_one_checkpoint_are_one_model(pair: tuple[Offer, Offer]) -> None:
    one, other = link(pair, Aliases.none()).keys
    assert one == other


@pytest.mark.parametrize("pair", _pairs(VARIANT), ids=lambda pair: f"{pair[0].id} {pair[1].id}")
def test_one_checkpoint_served_two_ways_is_one_model_with_two_labels(pair: tuple[Offer, Offer]) -> None:
    linking = link(pair, Aliases.none())
    assert linking.keys[0] == linking.keys[1]
    assert linking.variants[0] != linking.variants[1]


@pytest.mark.parametrize("pair", _pairs(DIFFERENT), ids=lambda pair: f"{pair[0].id} {pair[1].id}")
def test_two_models_are_never_one_row(pair: tuple[Offer, Offer]) -> None:
    one, other = link(pair, Aliases.none()).keys
    assert one != other


def test_the_labels_hold_when_all_pairs_are_listed_at_once() -> None:
    found = _together()
    for one, other in (*_pairs(SAME), *_pairs(VARIANT)):
        if one.id != "deepseek-ai/DeepSeek-R1":
            assert found[one][0] == found[other][0], (one.id, other.id)
    for one, other in _pairs(DIFFERENT):
        assert found[one][0] != found[other][0], (one.id, other.id)


def _labelled() -> list[dict[str, str]]:
    path = SHARED / "identity.csv"
    if not path.exists():
        pytest.skip("no labelled pairs beside the project")
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _recorded() -> Iterator[Offer]:
    """Give what recorded answers declare of their ids, without any other field."""
    for path in sorted((SHARED / "responses").glob("*.json")):
        document = json.loads(path.read_bytes())
        records = document if isinstance(document, list) else document.get("data")
        for record in records if isinstance(records, list) else ():
            if isinstance(record.get("id"), str) and "chute_id" not in record:
                yield _declaring(path.stem, record)


def _declaring(provider: str, record: dict[str, object]) -> Offer:
    shown = record.get("model_spec")
    spec: dict[str, object] = shown if isinstance(shown, dict) else {}
    weights = str(record.get("hugging_face_id") or record.get("root") or spec.get("modelSource") or "")
    names = record.get("aliases")
    return Offer(
        provider,
        str(record["id"]),
        name=_text(record.get("name") or record.get("display_name") or spec.get("name")),
        weights=weights.removeprefix("https://huggingface.co/") or None,
        slug=_text(record.get("canonical_slug")),
        description=_text(record.get("description")),
        aliases=tuple(str(name) for name in names) if isinstance(names, list) else (),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _shares(rows: list[dict[str, str]], offers: list[Offer]) -> dict[str, float]:
    """Score rows whose reason is no trap: the share of each label that came out right."""
    linking = link(offers, Aliases.none())
    found = {
        (offer.provider, offer.id): (key, variant)
        for offer, key, variant in zip(offers, linking.keys, linking.variants, strict=True)
    }
    right: Counter[str] = Counter()
    plain = [row for row in rows if not row["reason"].startswith("TRAP")]
    for row in plain:
        one, other = (found[row[f"provider_{side}"], row[f"id_{side}"]] for side in "ab")
        joined = one[0] == other[0]
        holds = {"same": joined, "different": not joined, "variant": joined and one[1] != other[1]}
        right[row["label"]] += holds[row["label"]]
    totals = Counter(row["label"] for row in plain)
    return {label: right[label] / total for label, total in totals.items()}


@pytest.mark.shared
def test_labelled_pairs_come_out_right_with_what_providers_declare() -> None:
    rows = _labelled()
    offers = {(row[f"provider_{side}"], row[f"id_{side}"]): None for row in rows for side in "ab"}
    declared = {(offer.provider, offer.id): offer for offer in _recorded()}
    everything = {**{key: Offer(*key) for key in offers}, **declared}
    shares = _shares(rows, list(everything.values()))
    assert shares["different"] >= 0.995
    assert shares["same"] >= 0.95
    assert shares["variant"] >= 0.9


@pytest.mark.shared
def test_labelled_pairs_come_out_right_by_their_ids_alone() -> None:
    rows = _labelled()
    offers = {(row[f"provider_{side}"], row[f"id_{side}"]): None for row in rows for side in "ab"}
    shares = _shares(rows, [Offer(*key) for key in offers])
    assert shares["different"] >= 0.99
    assert shares["same"] >= 0.95
    assert shares["variant"] >= 0.9
