import base64
import copy
import json
import pickle
from urllib.parse import quote

import pytest
from rich.pretty import pretty_repr

from modeltui.errors import ConfigError
from modeltui.secret import Redactor, Secret

KEY = "sk-canary/1+2=aZ9-very-long-tail-WXYZ"


def test_no_way_of_printing_shows_the_key() -> None:
    secret = Secret(KEY)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r:>20}", "%s" % secret, pretty_repr(secret)]  # noqa: UP031
    shown += [repr([secret]), repr({"key": secret}), repr(pickle.dumps(secret)), pretty_repr({"headers": secret})]
    assert not any("canary" in text for text in shown)
    assert shown[:3] == ["Secret(…)"] * 3
    assert pickle.loads(pickle.dumps(secret)) == "Secret(…)"  # noqa: S301  # our own bytes


def test_json_encoders_refuse_a_secret() -> None:
    with pytest.raises(TypeError):
        json.dumps({"key": Secret(KEY)})


def test_a_secret_is_equal_to_itself_and_survives_copying() -> None:
    secret = Secret(KEY)
    assert secret == Secret(KEY)
    assert secret != Secret(KEY + "x")
    assert secret != KEY
    assert copy.deepcopy({"a": secret})["a"].reveal() == KEY
    assert len({secret, Secret(KEY)}) == 1


@pytest.mark.parametrize("raw", [f"{KEY}\n", f"  {KEY}\r\n", KEY, "x"])
def test_blanks_and_line_ends_around_a_key_are_dropped(raw: str) -> None:
    assert Secret.checked(raw, "SAMPLE_API_KEY").reveal() == raw.strip()


@pytest.mark.parametrize(
    "raw",
    ["", " \n", f"{KEY}\r\nX: y", "sk-é12345678", "sk-\u200b12345678", "\ufeffsk-123", "a\0b", "two words", "k" * 513],
)
def test_what_cannot_be_a_key_is_refused_without_showing_it(raw: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Secret.checked(raw, "SAMPLE_API_KEY")
    shown = f"{caught.value} {caught.value!r}"
    assert "SAMPLE_API_KEY" in shown
    assert "canary" not in shown
    assert "12345678" not in shown
    assert "kkk" not in shown


def test_a_prefixed_secret_is_the_value_of_a_header() -> None:
    assert Secret(KEY).prefixed("Bearer").reveal() == f"Bearer {KEY}"
    assert Secret(KEY).prefixed("").reveal() == KEY
    assert KEY not in repr(Secret(KEY).prefixed("Bearer"))


@pytest.mark.parametrize("wrap", [lambda s: s, lambda s: s.prefixed("Bearer")])
@pytest.mark.parametrize(
    "text",
    [
        KEY,
        f"Authorization: Bearer {KEY}",
        f"https://host/?key={quote(KEY, safe='')}",
        f"https://host/{quote(KEY)}",
        json.dumps({"key": KEY}),
        json.dumps({"key": KEY}).replace("/", "\\/"),
        base64.b64encode(KEY.encode()).decode(),
        base64.urlsafe_b64encode(KEY.encode()).decode(),
        *("Basic " + base64.b64encode(f"{user}:{KEY}".encode()).decode() for user in ("", "u", "us", "user")),
        *("Basic " + base64.b64encode(f"{KEY}:{tail}".encode()).decode() for tail in ("", "x", "xy")),
    ],
)
def test_a_key_is_found_in_every_form(text: str, wrap: object) -> None:
    secret = wrap(Secret(KEY))  # type: ignore[operator]  # one of the two functions above
    redacted = Redactor([secret]).redact(f"before {text} after")
    assert redacted.startswith("before ")
    assert redacted.endswith(" after")
    assert "…" in redacted
    for form in (KEY, quote(KEY, safe=""), KEY[:12], KEY[-5:], base64.b64encode(KEY.encode()).decode()[4:20]):
        assert form not in redacted


def test_the_start_of_a_key_is_taken_out_with_what_follows_it() -> None:
    assert Redactor([Secret(KEY)]).redact(f"Incorrect key {KEY[:16]}****WXYZ.") == "Incorrect key …"


def test_the_start_of_a_key_in_a_body_is_taken_out_and_the_body_stays_json() -> None:
    body = json.dumps({"error": f"bad key {KEY[:16]}***", "note": f"{KEY[:14]}…\n"}).encode()
    assert json.loads(Redactor([Secret(KEY)]).redact_bytes(body)) == {"error": "bad key …", "note": "……\n"}


def test_a_mark_tells_keys_and_salts_apart_and_nothing_of_the_key() -> None:
    made = {Secret(key).mark(salt) for key in (KEY, KEY + "2") for salt in (b"one", b"other")}
    assert len(made) == 4
    assert {len(mark) for mark in made} == {32}
    assert Secret(KEY).mark(b"one") in made


def test_a_fingerprint_tells_keys_salts_and_places_apart() -> None:
    salts, places = (b"1" * 16, b"2" * 16), ("", "https://a.example")
    made = {Secret(key).fingerprint(salt, place) for key in (KEY, KEY + "2") for salt in salts for place in places}
    assert len(made) == 8
    assert {len(fingerprint) for fingerprint in made} == {16}


def test_words_that_local_servers_take_for_a_key_do_not_spoil_text() -> None:
    assert Redactor([Secret("ollama"), Secret("x")]).redact("ollama is next") == "ollama is next"


def test_text_without_a_key_is_left_alone_and_the_redactor_hides_what_it_knows() -> None:
    redactor = Redactor([Secret(KEY)])
    assert redactor.redact("nothing here") == "nothing here"
    assert "canary" not in repr(redactor)
