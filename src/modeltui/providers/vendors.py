"""Companies that serve the models they make."""

from modeltui.providers.records import each
from modeltui.providers.rules import Id, Instant, Time, Words, count, flag, text, where
from modeltui.providers.spec import Bearer, KeyUse, Provider, Source, field_map

MISTRAL = Provider(
    slug="mistral",
    name="Mistral",
    endpoint="https://api.mistral.ai/v1",
    auth=Bearer(env=("MISTRAL_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            key_use=KeyUse.ALWAYS,
            fields=field_map(
                id=Id("id"),
                slug=text("name"),
                aliases=Words("aliases"),
                description=text("description"),
                context_length=count("max_context_length", only=where("capabilities.completion_chat", True)),
                retires_at=Instant("deprecation", form=Time.ISO, future=True),
                tools=flag("capabilities.function_calling"),
                vision=flag("capabilities.vision"),
                reasoning=flag("capabilities.reasoning"),
                code=flag("capabilities.completion_fim"),
                fine_tuning=flag("capabilities.fine_tuning"),
                moderation=flag("capabilities.moderation"),
                audio=flag("capabilities.audio"),
                transcription=flag("capabilities.audio_transcription"),
                speech=flag("capabilities.audio_speech"),
            ),
        ),
    ),
    docs="https://docs.mistral.ai/api/#tag/models",
    evidence="recorded 2025-07 (62 rows) and 2026-07 (70 rows, 60 ids)",
)
"""One row an alias; `name` is the card it resolves to, `created` the time of the answer. 32768 on models that cannot
chat is the API's default. No prices and no output limit."""

VENDORS = (MISTRAL,)
