"""Servers on the user's own machine or network, and the shape of any other OpenAI-compatible one."""

from modeltui.providers.records import each
from modeltui.providers.shapes import OPENAI_COMPATIBLE
from modeltui.providers.spec import Bearer, Provider, Public, Source

OPENAI_LIKE = Provider(
    slug="openai-compatible",
    name="OpenAI-compatible server",
    endpoint="http://localhost:8000/v1",
    auth=Bearer(env=()),
    sources=(Source("models", "/models", each("data|models|"), OPENAI_COMPATIBLE, public=Public.YES),),
    local=True,
    evidence="vLLM quoted 2026-05, llama.cpp recorded 2026-07, LM Studio's source of 2026",
)
"""What `like = "openai"` means in the config."""

LOCAL = (OPENAI_LIKE,)
