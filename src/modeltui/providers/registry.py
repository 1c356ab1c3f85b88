"""Every provider that is known, by slug."""

from collections.abc import Mapping
from types import MappingProxyType

from modeltui.providers.aggregators import AGGREGATORS
from modeltui.providers.clouds import CLOUDS
from modeltui.providers.gateways import GATEWAYS
from modeltui.providers.hosts import HOSTS
from modeltui.providers.local import LOCAL, OPENAI_LIKE
from modeltui.providers.spec import Provider
from modeltui.providers.vendors import VENDORS

PROVIDERS: Mapping[str, Provider] = MappingProxyType(
    {provider.slug: provider for provider in (*VENDORS, *HOSTS, *CLOUDS, *AGGREGATORS, *GATEWAYS, *LOCAL)}
)
SHAPES: Mapping[str, Provider] = MappingProxyType({**PROVIDERS, "openai": OPENAI_LIKE})
"""What `like` in the config may name; `openai` is any OpenAI-compatible server."""
SHIPPED_SOURCE = "snapshot/catalog"
LIVE_CATALOGUE = "models-dev/catalog"
