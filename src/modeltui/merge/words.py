"""The words that ids are made of, as data: what each word means and why it is in its table.

No table names a model. Each names a kind of word (a maker, a size tier, a serving tier), so that an id
nobody has seen yet is read by the same rules.
"""

from typing import Final

MAKERS: Final[dict[str, str]] = {
    # The spellings under which hosts list one maker, to the name used in keys.
    "01-ai": "01-ai", "ai21": "ai21", "ai21labs": "ai21", "ai21-labs": "ai21",
    "alibaba": "qwen", "alibaba-cloud": "qwen", "qwen": "qwen",
    "amazon": "amazon", "aws": "amazon", "anthropic": "anthropic", "claude": "anthropic",
    "arcee": "arcee", "arcee-ai": "arcee", "baai": "baai", "baidu": "baidu",
    "black-forest-labs": "bfl", "bfl": "bfl", "bytedance": "bytedance", "bytedance-seed": "bytedance",
    "cohere": "cohere", "cohereforai": "cohere", "coherelabs": "cohere", "databricks": "databricks",
    "deepseek": "deepseek", "deepseek-ai": "deepseek", "google": "google", "gemini": "google",
    "ibm": "ibm", "ibm-granite": "ibm", "inception": "inception", "inflection": "inflection",
    "liquid": "liquid", "liquidai": "liquid", "lgai-exaone": "lg", "lg": "lg",
    "meta": "meta", "meta-llama": "meta", "facebook": "meta", "microsoft": "microsoft", "azureml": "microsoft",
    "minimax": "minimax", "minimaxai": "minimax",
    "mistral": "mistral", "mistral-ai": "mistral", "mistralai": "mistral", "nv-mistralai": "mistral",
    "moonshot": "moonshot", "moonshotai": "moonshot", "moonshot-ai": "moonshot", "kimi": "moonshot",
    "nous": "nousresearch", "nousresearch": "nousresearch", "nvidia": "nvidia",
    "openai": "openai", "perplexity": "perplexity", "perplexity-ai": "perplexity",
    "reka": "reka", "rekaai": "reka", "snowflake": "snowflake", "stability": "stability", "stability-ai": "stability",
    "stabilityai": "stability", "stepfun": "stepfun", "stepfun-ai": "stepfun", "tencent": "tencent",
    "tng": "tng", "tngtech": "tng", "upstage": "upstage", "writer": "writer",
    "x-ai": "xai", "xai": "xai", "grok": "xai", "xiaomi": "xiaomi", "xiaomimimo": "xiaomi",
    "z-ai": "zai", "zai": "zai", "zai-org": "zai", "thudm": "zai", "zhipu": "zai", "zhipuai": "zai",
}  # fmt: skip

HOME_ORGS: Final[frozenset[str]] = frozenset({
    # Organisations as the makers spell themselves where they publish weights: behind them a bare name is the bare
    # checkpoint, while a host's own spelling (`meta/`, `alibaba/`) or none at all is a name for the chat model.
    "meta-llama", "qwen", "mistralai", "google", "microsoft", "deepseek-ai", "bigcode", "tiiuae", "nousresearch",
    "zai-org", "thudm", "ibm-granite", "stabilityai", "nvidia", "moonshotai", "openai", "allenai", "baai",
})  # fmt: skip

FAMILY_MAKERS: Final[dict[str, str]] = {
    # Families whose name alone tells the maker, for ids without an organisation.
    "llama": "meta", "qwen": "qwen", "qwq": "qwen", "qvq": "qwen", "mistral": "mistral", "mixtral": "mistral",
    "ministral": "mistral", "magistral": "mistral", "devstral": "mistral", "codestral": "mistral",
    "pixtral": "mistral", "voxtral": "mistral", "gemma": "google", "gemini": "google", "imagen": "google",
    "veo": "google", "phi": "microsoft", "gpt": "openai", "chatgpt": "openai", "whisper": "openai", "dall": "openai",
    "o1": "openai", "o3": "openai", "o4": "openai", "sora": "openai", "claude": "anthropic", "grok": "xai",
    "deepseek": "deepseek", "kimi": "moonshot", "glm": "zai", "chatglm": "zai", "minimax": "minimax",
    "command": "cohere", "aya": "cohere", "jamba": "ai21", "nova": "amazon", "titan": "amazon", "sonar": "perplexity",
    "hermes": "nousresearch", "nemotron": "nvidia", "ernie": "baidu", "hunyuan": "tencent", "granite": "ibm",
    "flux": "bfl", "stable": "stability", "reka": "reka", "palmyra": "writer", "solar": "upstage",
    "mimo": "xiaomi", "step": "stepfun", "seed": "bytedance", "yi": "01-ai", "exaone": "lg", "lfm": "liquid",
    "mercury": "inception", "starcoder": "bigcode", "e5": "intfloat", "bge": "baai", "wizardlm": "microsoft",
}  # fmt: skip

BASES: Final[frozenset[str]] = frozenset({
    # Families that others build on: beside another family's word they tell what a model was made from, not whose it is.
    "llama", "qwen", "mistral", "mixtral", "gemma", "phi", "nemo",
})  # fmt: skip

MAKER_WORDS: Final[dict[str, tuple[str, ...]]] = {
    # Words inside a name that only repeat its maker and may be left out by the next host.
    "meta": ("meta",), "anthropic": ("anthropic",), "cohere": ("cohere", "c4ai"),
    "qwen": ("alibaba",), "google": ("google",), "arcee": ("arcee",),
    "microsoft": ("microsoft",), "openai": ("openai",), "amazon": ("amazon",),
    "tng": ("tng",), "nvidia": ("nvidia",), "stability": ("stability",),
    "xai": ("xai",), "ibm": ("ibm",), "baidu": ("baidu",),
    "nousresearch": ("nous",), "mistral": ("open", "mistralai", "mistral"),
    "deepseek": ("deepseek",), "moonshot": ("moonshot", "moonshotai"),
    "perplexity": ("perplexity",), "ai21": ("ai21",), "inception": ("inception",),
    "writer": ("writer",), "zai": ("zai", "thudm"), "bytedance": ("bytedance",),
}  # fmt: skip

REUPLOADERS: Final[frozenset[str]] = frozenset({
    # Accounts that publish other makers' weights unchanged or only converted.
    "unsloth", "chutesai", "lmstudio-community", "mlx-community", "bartowski", "thebloke", "ggml-org", "hugging-quants",
    "neuralmagic", "redhatai", "mradermacher", "library", "quanttrio", "cpatonn", "solidrust", "casperhansen",
})  # fmt: skip

HOSTS: Final[frozenset[str]] = frozenset({
    # Hosts and gateways that stand in front of an id without having made the model.
    "azure", "azure-openai", "bedrock", "aws-bedrock", "cerebras", "chutes", "cloudflare", "cloudflare-ai", "coding",
    "deepinfra", "digitalocean", "fireworks", "fireworks-ai", "friendli", "github", "github-copilot", "groq",
    "huggingface", "hf", "hyperbolic", "lambda", "litellm", "nebius", "netmind", "novita", "novita-ai", "nscale",
    "ollama", "openrouter", "parasail", "replicate", "requesty", "sambanova", "siliconflow", "smart", "togetherai",
    "together", "togethercomputer", "venice", "vercel", "vertex", "vertex-ai", "workers-ai", "models", "model",
})  # fmt: skip

MAKER_PROVIDERS: Final[dict[str, str]] = {
    # Providers that list nothing but their own models: an id without an organisation is theirs.
    "openai": "openai", "anthropic": "anthropic", "claude": "anthropic", "mistral": "mistral", "cohere": "cohere",
    "ai21": "ai21", "xai": "xai", "grok": "xai", "google": "google", "gemini": "google", "deepseek": "deepseek",
    "moonshot": "moonshot", "zai": "zai", "minimax": "minimax", "meta": "meta", "meta-llama": "meta",
    "inception": "inception",
}  # fmt: skip

COINED_BY: Final[frozenset[str]] = frozenset({
    # Providers that coin short names and serve chat models only: `llama-3.3-70b` there is the instruct release.
    "vercel", "cerebras", "venice", "groq", "digitalocean", "github-copilot", "sambanova", "perplexity", "ollama",
    *MAKER_PROVIDERS,
})  # fmt: skip

TUNES: Final[dict[str, str]] = {
    # How a checkpoint was tuned. `it` is Google's word for instruct; `chat` is told apart until nothing speaks for it.
    "instruct": "instruct", "it": "instruct", "instruction": "instruct", "inst": "instruct",
    "chat": "chat", "base": "base", "pretrained": "base", "pretrain": "base", "foundation": "base",
}  # fmt: skip

ROLES: Final[dict[str, str]] = {
    # What a checkpoint is for. Another role is another model, whatever else agrees.
    "coder": "coder", "code": "code", "vl": "vl", "vlm": "vlm", "vision": "vision", "embedding": "embed",
    "embeddings": "embed", "embed": "embed", "embedqa": "embedqa", "guard": "guard", "guardian": "guardian",
    "reward": "reward", "rm": "reward", "moderation": "moderation", "safety": "safety", "rerank": "rerank",
    "reranker": "rerank", "thinking": "thinking", "reasoning": "reasoning", "reasoner": "reasoner", "non": "non",
    "math": "math", "audio": "audio", "realtime": "realtime", "transcribe": "transcribe", "tts": "tts",
    "stt": "stt", "search": "search", "ocr": "ocr", "image": "image", "video": "video", "speech": "speech",
    "omni": "omni", "multimodal": "multimodal", "distill": "distill", "distilled": "distill", "research": "research",
    "translate": "translate", "prover": "prover", "parse": "parse", "multilingual": "multilingual",
    "english": "english", "edit": "edit", "inpaint": "inpaint", "completion": "completion", "moe": "moe",
}  # fmt: skip

TIERS: Final[frozenset[str]] = frozenset({
    # Words that tell two models of one line apart by weight or rank.
    "mini", "nano", "micro", "lite", "flash", "turbo", "pro", "max", "plus", "small", "medium", "large", "xl", "xs",
    "ultra", "super", "tiny", "air", "light", "fast", "heavy", "premier", "hd", "high", "low",
})  # fmt: skip

SIZE_TIERS: Final[frozenset[str]] = frozenset({
    # Tiers that only put the parameter count into a word; beside the count itself a host may leave them out.
    "nano", "mini", "small", "medium", "large", "super", "ultra", "tiny",
})  # fmt: skip

API_TIERS: Final[frozenset[str]] = frozenset({
    # Ranks of lines that are sold by API only: their undated name moves from snapshot to snapshot.
    "max", "plus", "turbo", "flash", "pro",
})  # fmt: skip

SERVICES: Final[dict[str, str]] = {
    # How one checkpoint is served or sold; never another model.
    "free": "free", "flex": "flex", "priority": "priority", "batch": "batch", "tee": "tee", "maas": "maas",
    "tput": "tput", "nitro": "nitro", "floor": "floor", "extended": "extended", "beta": "beta", "online": "online",
    "exacto": "exacto", "basic": "basic", "versatile": "versatile", "instant": "instant", "serverless": "serverless",
    "dedicated": "dedicated", "standard": "standard", "cheap": "cheap", "fastest": "fastest", "thought": "thinking",
    "eu": "eu", "us": "us", "apac": "apac", "global": "global", "slow": "slow", "throughput": "tput",
    "inference": "inference", "paygo": "paygo",
}  # fmt: skip

WEAK_SERVICES: Final[frozenset[str]] = frozenset({
    # Of the services, words that are names too (Claude Instant): a service only behind a size or a colon.
    "instant", "standard", "versatile", "online", "us", "eu", "global", "slow", "cheap", "batch", "priority",
    "dedicated",
})  # fmt: skip

SPEED_TIERS: Final[frozenset[str]] = frozenset({
    # Speed words: a host's serving tier behind a parameter count or a date stamp, part of the name elsewhere.
    "turbo", "lite", "fast",
})  # fmt: skip

HOSTED_SPEEDS: Final[dict[str, frozenset[str]]] = {
    # Makers without a model of their own so called: behind their names the word can only be a host's speed tier.
    "fast": frozenset({"deepseek", "moonshot", "anthropic", "meta", "zai"}),
    "turbo": frozenset({"deepseek", "moonshot", "meta"}),
    "lite": frozenset({"meta"}),
}  # fmt: skip

EFFORTS: Final[frozenset[str]] = frozenset({"high", "low", "minimal", "xhigh", "medium"})
"""Reasoning effort set by the id; read so only for `EFFORT_LINES`, as elsewhere they are sizes."""

EFFORT_LINES: Final[frozenset[str]] = frozenset({
    # Lines whose one checkpoint is listed once an effort.
    "o1", "o3", "o4", "gpt",
})  # fmt: skip

SWITCHED_THINKING: Final[frozenset[str]] = frozenset({
    # Makers whose checkpoints think or not by a switch; for the others a thinking release has its own weights.
    "anthropic",
})  # fmt: skip

QUANTS: Final[frozenset[str]] = frozenset({
    # Number formats and their packagings.
    "fp8", "fp4", "fp6", "nvfp4", "mxfp4", "mxfp8", "int8", "int4", "int2", "bf16", "fp16", "fp32", "awq", "gptq",
    "w8a8", "w4a16", "w4a8", "8bit", "4bit", "6bit", "3bit", "bnb", "gguf", "mlx", "exl2", "nf4",
})  # fmt: skip

FULL_PRECISION: Final[frozenset[str]] = frozenset({
    # Formats in which weights are released; no variant of anything.
    "bf16", "fp16", "fp32", "f16", "f32", "float16", "bfloat16", "unknown", "none", "",
})  # fmt: skip

NOISE: Final[frozenset[str]] = frozenset({
    # Words about the file or the listing, not about the model.
    "hf", "dynamic", "new", "original", "release", "v", "versions", "quantized", "experts",
})  # fmt: skip

COMPOUNDS: Final[dict[str, str]] = {
    # Words that some write as one and others as several.
    "llamaguard": "llama-guard", "sdxl": "stable-diffusion-xl", "sd3": "stable-diffusion-3", "exp": "experimental",
    "deepseekr1": "deepseek-r1", "nonreasoning": "non-reasoning", "prev": "preview", "promptguard": "prompt-guard",
    "chatgpt4o": "chatgpt-4o", "dalle": "dall-e",
}  # fmt: skip

GENERIC: Final[frozenset[str]] = frozenset({
    # Words that every host uses for something of its own: alone they name no model that two hosts could share.
    "auto", "router", "default", "model", "custom", "best", "latest", "test", "free", "switch", "assistant",
})  # fmt: skip

STAGES: Final[frozenset[str]] = frozenset({
    # How far a release had come: part of its name, but no family of its own.
    "preview", "experimental", "alpha", "rc", "dpo", "sft",
})  # fmt: skip

IMAGE_LINES: Final[frozenset[str]] = frozenset({
    # Image lines in which `base` means the model itself, as against its refiner.
    "diffusion",
})  # fmt: skip

DATED_APART: Final[frozenset[str]] = frozenset({
    # Makers whose undated name is a checkpoint of its own, the first, and not an alias that moves.
    "deepseek", "qwen", "moonshot",
})  # fmt: skip

MOVES_TO_NEWEST: Final[frozenset[str]] = frozenset({
    # Makers who say that their undated name follows the newest snapshot.
    "openai", "anthropic",
})  # fmt: skip

STAMP_YEAR_STARTS: Final = "03-01"
"""OpenAI stamped by month and day from March 2023 to January 2024, so earlier days are the later year's."""

SIZED_APART: Final[frozenset[str]] = frozenset({
    # Closed lines in which a stated size is a smaller sibling of the unsized model.
    "gemini", "gpt", "claude", "grok", "sonar",
})  # fmt: skip

INSTRUCT_APART: Final[frozenset[str]] = frozenset({
    # Makers whose plain names chat already: their `instruct` is another, completing model.
    "openai",
})  # fmt: skip

CONTEXT_TOKENS: Final[dict[str, str]] = {
    # Context lengths that are written out in ids.
    "2048": "2k", "4096": "4k", "8192": "8k", "16384": "16k", "32768": "32k", "65536": "64k", "131072": "128k",
    "1m": "1m", "2m": "2m", "4m": "4m", "10m": "10m",
}  # fmt: skip

OLLAMA_DISTILLS: Final[dict[str, str]] = {
    # Ollama's `deepseek-r1` tags below the full size are the distills, by parameter count.
    "1.5b": "qwen", "7b": "qwen", "14b": "qwen", "32b": "qwen", "8b": "", "70b": "llama",
}  # fmt: skip
