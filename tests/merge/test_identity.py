"""An id is read the way a person who knows the field reads it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modeltui.merge.identity import identify


@pytest.mark.parametrize(
    ("spelling", "provider"),
    [
        ("meta-llama/Llama-3.1-70B-Instruct", "deepinfra"),
        ("meta-llama/Meta-Llama-3.1-70B-Instruct", "deepinfra"),
        ("accounts/fireworks/models/llama-v3p1-70b-instruct", "fireworks"),
        ("unsloth/Meta-Llama-3.1-70B-Instruct", "chutes"),
        ("meta.llama3-1-70b-instruct-v1:0", "bedrock"),
        ("us.meta.llama3-1-70b-instruct-v1:0", "bedrock"),
        ("@cf/meta/llama-3.1-70b-instruct", "cloudflare"),
        ("deepinfra/meta-llama/Llama-3_1-70B-Instruct", "requesty"),
        ("meta-llama/llama-3.1-70b-instruct:free", "openrouter"),
        ("LLAMA-3.1-70B-INSTRUCT", "someone"),
        ("llama3.1:70b-instruct-q4_K_M", "ollama"),
    ],
)
def test_every_routing_and_spelling_of_one_checkpoint_has_one_key(spelling: str, provider: str) -> None:
    assert identify(spelling, provider).key == "meta/llama-3.1-70b-instruct"


@pytest.mark.parametrize(
    ("spelling", "provider", "date"),
    [
        ("claude-sonnet-4-20250514", "anthropic", "2025-05-14"),
        ("claude-opus-4@20250514", "vertex", "2025-05-14"),
        ("gpt-4o-2024-05-13", "openai", "2024-05-13"),
        ("command-r-08-2024", "cohere", "2024-08"),
        ("jamba-large-1.6-2025-03", "ai21", "2025-03"),
        ("mistral-small-2503", "mistral", "2025-03"),
        ("doubao-seed-1-6-250615", "volcano", "2025-06-15"),
        ("gpt-4-0613", "openai", "06-13"),
        ("grok-4-0709", "xai", "07-09"),
        ("grok-4-07-09", "openrouter", "07-09"),
        ("gemini-2.5-pro-preview-05-06", "google", "05-06"),
        ("gemini-2.0-flash-001", "google", "001"),
        ("llama3-70b-8192", "groq", ""),
        ("phi-3-medium-128k-instruct", "nvidia", ""),
    ],
)
def test_a_date_is_read_in_every_form_it_is_written_in(spelling: str, provider: str, date: str) -> None:
    assert identify(spelling, provider).date == date


@pytest.mark.parametrize(
    ("spelling", "size", "active"),
    [
        ("Qwen/Qwen3-30B-A3B", "30b", "a3b"),
        ("mixtral-8x7b", "8x7b", ""),
        ("llama-4-scout-17b-16e-instruct", "17b", "16e"),
        ("tencent/hunyuan-a13b-instruct", "a13b", ""),
        ("google/gemma-3n-e2b-it", "e2b", ""),
        ("inclusionai/ring-1t", "1t", ""),
        ("qwen-max", "", ""),
    ],
)
def test_a_size_is_one_thing_however_it_is_built(spelling: str, size: str, active: str) -> None:
    identity = identify(spelling)
    assert (identity.size, identity.active) == (size, active)


@pytest.mark.parametrize(
    ("spelling", "provider", "variant"),
    [
        ("Qwen/Qwen3-4B-fast", "nebius", "fast"),
        ("Qwen/Qwen3-235B-A22B-fp8-tput", "together", "fp8+tput"),
        ("meta-llama/Llama-3.3-70B-Instruct-Turbo-Free", "together", "free+turbo"),
        ("meta-llama/Meta-Llama-3-8B-Instruct-Lite", "together", "lite"),
        ("deepseek-ai/DeepSeek-V3-0324-turbo", "chutes", "turbo"),
        ("deepseek-ai/DeepSeek-R1-Turbo", "deepinfra", "turbo"),
        ("Qwen/Qwen3-32B-TEE", "chutes", "tee"),
        ("openai/o3:flex", "requesty", "flex"),
        ("openai/o4-mini-high", "openrouter", "high"),
        ("claude-3.7-sonnet-thought", "github-copilot", "thinking"),
        ("anthropic/claude-3.7-sonnet:thinking", "openrouter", "thinking"),
        ("mistral-large-latest", "mistral", "latest"),
        ("llama-3.1-8b-instant", "groq", "instant"),
        ("grok-3-fast", "xai", "fast"),
        ("qwen/qwen3-14b", "openrouter", None),
    ],
)
def test_how_a_checkpoint_is_served_is_a_label_and_no_name(spelling: str, provider: str, variant: str | None) -> None:
    assert identify(spelling, provider).variant == variant


@pytest.mark.parametrize(
    "spelling",
    [
        "gpt-4-turbo",
        "openai/whisper-large-v3-turbo",
        "qwen-turbo",
        "z-ai/glm-5-turbo",
        "deepseek-coder-v2-lite",
        "google/gemini-2.5-flash-lite",
        "x-ai/grok-4-fast",
        "morph/morph-v3-fast",
        "mistral-medium",
        "Qwen/Qwen3-235B-A22B-Thinking-2507",
        "moonshotai/kimi-k2-thinking",
        "claude-instant-1.2",
    ],
)
def test_the_same_words_can_be_the_name_of_a_model(spelling: str) -> None:
    assert identify(spelling).service == ()


def test_tokens_that_glue_letters_to_digits_are_atoms() -> None:
    keys = {
        identify(spelling).key for spelling in ("gpt-4", "gpt-4o", "gpt-4o-mini", "glm-4.5", "glm-4.5v", "o1", "o3")
    }
    assert len(keys) == 7


def test_a_dropped_dot_comes_back_behind_a_known_family() -> None:
    assert identify("mistral-31-24b").versions == ("3.1",)
    assert identify("gpt-35-turbo").key == identify("gpt-3.5-turbo").key
    assert identify("claude-3-5-sonnet").versions == ("3.5",)


def test_a_fine_tune_by_an_unknown_organisation_keeps_its_maker() -> None:
    assert identify("someone/Llama-3.3-70B-Instruct").key != identify("meta-llama/Llama-3.3-70B-Instruct").key


def test_the_version_of_a_base_family_is_told_from_the_models_own() -> None:
    assert identify("NousResearch/Hermes-3-Llama-3.1-405B").versions == ("3", "llama-3.1")


def test_a_tag_of_ollamas_r1_is_the_distill_that_it_holds() -> None:
    assert identify("deepseek-r1:14b", "ollama").node[:2] == identify("deepseek/deepseek-r1-distill-qwen-14b").node[:2]


@pytest.mark.parametrize("spelling", ["", "/", "::", "☃", "\x1b[31m", "a" * 3000, "-" * 50, "free", "@@@", "models/"])
def test_odd_text_is_an_identity_too(spelling: str) -> None:
    key = identify(spelling, "local").key
    assert key
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789./-")


@settings(deadline=None)
@given(st.text(max_size=80), st.sampled_from(["", "openrouter", "ollama", "mistral"]))
def test_any_text_gives_a_stable_key_of_plain_letters(spelling: str, provider: str) -> None:
    key = identify(spelling, provider).key
    assert key == identify(spelling, provider).key
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789./-")


def test_case_and_punctuation_tell_nothing_apart() -> None:
    assert identify("Qwen/QWEN2.5_72B_Instruct").key == identify("qwen/qwen-2.5-72b-instruct").key
