import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from modeltui.errors import ConfigError
from modeltui.providers.inline import provider_from_table
from modeltui.providers.read import read
from modeltui.providers.spec import KeyUse, NextToken, PageNumber, Provider, Public
from modeltui.state import Record
from reading_cases import body

MINE = """
endpoint = "https://models.example/v1/"
records = "result.list"
price_unit = "usd_per_token"
[fields]
id = "id"
name = { path = "title|id", nothing = ["N/A"] }
context_length = "limits.context"
created_at = "created"
input_modalities = "kinds.in"
tools = { path = "features", words = ["tools", "functions"] }
embeddings = { path = "type", is = ["embedding"] }
"capabilities.reasoning" = "thinks"
"prices.input" = "pricing.prompt"
"prices.image" = { path = "pricing.image", unit = "cents" }
[fields.prices]
output = { path = "pricing.completion", unit = "usd_per_mtok", only = { path = "type", words = ["chat"] } }
[fields.deployment]
instances = { path = "up", zero = true }
"""


def provider(text: str) -> Provider:
    return provider_from_table("mine", tomllib.loads(text), "config.toml")


def one(made: Provider, row: Mapping[str, object], records: str = "list") -> Record:
    page = body({"result": {records: [row]}})
    return read("mine", made.sources[0], [page], datetime(2026, 11, 1, tzinfo=UTC)).records[0]


def stated(text: str, row: Mapping[str, object]) -> dict[str, object]:
    return {name: claim.value for name, claim in one(provider(text), row).claims.items()}


def refusal(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        provider(text)
    return str(caught.value)


def test_an_inline_map_is_read_as_a_built_in_one() -> None:
    row = {
        "id": "a",
        "title": "n/a",
        "limits": {"context": 8192},
        "created": 1_700_000_000,
        "kinds": {"in": ["text", "image"]},
        "features": ["functions"],
        "type": "chat",
        "thinks": True,
        "up": 0,
        "pricing": {"prompt": "0.000002", "image": 4, "completion": 6},
    }
    assert stated(MINE, row) == {
        "name": "a",
        "context_length": 8192,
        "created_at": datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        "input_modalities": ("text", "image"),
        "capabilities.vision": True,
        "capabilities.audio": False,
        "capabilities.video": False,
        "capabilities.tools": True,
        "capabilities.embeddings": False,
        "capabilities.reasoning": True,
        "prices.input": Decimal(2),
        "prices.output": Decimal(6),
        "prices.image": Decimal("0.04"),
        "deployment.instances": 0,
    }


def test_the_endpoint_is_asked_without_a_key_unless_it_is_not_public() -> None:
    made = provider(MINE)
    assert (made.endpoint, made.sources[0].path) == ("https://models.example/v1", "/models")
    assert (made.sources[0].public, made.sources[0].key_use) == (Public.YES, KeyUse.OPTIONAL)
    private = provider("public = false\nmodels_path = '/list'\n" + MINE).sources[0]
    assert (private.path, private.public, private.key_use) == ("/list", Public.NO, KeyUse.ALWAYS)


def test_pages_are_turned_by_a_token_or_by_number() -> None:
    by_token = provider(MINE + "[paging]\nparam = 'after'\ntoken = 'next'\nsize = 50\n").sources[0].paging
    assert by_token == NextToken(param="after", token="next", size=50)
    by_number = provider(MINE + "[paging]\nparam = 'page'\nfirst = 1\ntotal = 'total'\n").sources[0].paging
    assert by_number == PageNumber(param="page", first=1, total="total")


def test_like_takes_the_shape_of_a_built_in_provider() -> None:
    made = provider("endpoint = 'https://models.example'\nlike = 'openrouter'")
    assert (made.slug, made.endpoint, made.auth.env, made.copies) == ("mine", "https://models.example", (), None)
    assert all(source.endpoint == "" for source in made.sources)


def _without(line: str) -> str:
    return MINE.replace(line, "")


@pytest.mark.parametrize(
    ("text", "names", "near"),
    [
        (MINE.replace("context_length", "context_lenght"), "[providers.mine.fields] context_lenght", "context_length"),
        (MINE.replace("tools =", "tool ="), "[providers.mine.fields] tool", "tools"),
        (MINE.replace('"prices.input"', '"prices.inputs"'), "prices.inputs: no such field", "prices.input"),
        (
            MINE.replace('"usd_per_token"', '"usd_per_tokens"'),
            "price_unit: 'usd_per_tokens' is no unit",
            "usd_per_token",
        ),
        (MINE.replace('"usd_per_mtok"', '"USD per Mtok"'), "unit: 'USD per Mtok' is no unit", "usd_per_mtok"),
        (
            MINE.replace('unit = "cents"', 'unit = "usd_per_token"'),
            "'usd_per_token' is no unit of this price",
            "usd, cents",
        ),
        (MINE.replace("price_unit", "price_units"), "[providers.mine] price_units: no such key", "price_unit"),
        (MINE.replace("nothing =", "nothin ="), "[providers.mine.fields.name] nothin: no such option", "nothing"),
        (MINE.replace("zero = true", "zero = 'yes'"), "zero: expected true or false", ""),
        (MINE.replace('words = ["chat"]', 'word = ["chat"]'), "word: no such key of a condition", "words"),
        (_without('price_unit = "usd_per_token"\n'), "prices.input] unit: missing", "usd_per_mtok"),
        (MINE.replace(', unit = "cents"', ""), "prices.image] unit: missing", "one of usd, cents"),
        (_without('id = "id"\n'), "[providers.mine.fields] id: missing", 'id = "id"'),
        (MINE.replace('"limits.context"', '"limits..context"'), "'limits..context' is no path", "pricing.prompt"),
        (MINE.replace('"limits.context"', "5"), "context_length: expected a path", ""),
        (MINE.replace("https://models.example/v1/", "models.example"), "endpoint: expected a URL", "https://"),
        ("endpoint = 'https://m.example'", "fields: missing", "[providers.mine.fields]"),
        ("endpoint = 'https://m.example'\nlike = 'openruter'", "openruter", "did you mean 'openrouter'?"),
        ("like = 'openrouter'\n" + MINE, "exclude each other", ""),
        (MINE + "[paging]\ntoken = 'next'", "[providers.mine.paging] param: missing", ""),
        (MINE + "[paging]\nparams = 'next'", "params: no such key of paging", "param"),
        (MINE.replace('records = "result.list"', "records = 5"), "records: expected text", ""),
    ],
)
def test_what_cannot_be_meant_is_an_error_that_names_the_key_and_a_near_miss(text: str, names: str, near: str) -> None:
    said = refusal(text)
    assert said.startswith("config.toml: [providers.mine")
    assert names in said
    assert near in said
