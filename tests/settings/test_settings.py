from pathlib import Path

import pytest
from pydantic import ValidationError

from ircal.errors import SettingsError
from ircal.settings import is_loopback, load_settings, oddities


def test_without_any_variable_the_defaults_hold() -> None:
    settings = load_settings()

    assert settings.config == Path("config")
    assert settings.state_dir == Path(".ircal")
    assert settings.store_url == "sqlite:///.ircal/ircal.db"
    assert settings.window_years == 2
    assert settings.google.api_root == "https://www.googleapis.com"
    assert settings.google.credentials_file is None
    assert settings.http.base_url == "http://127.0.0.1:8080"


def test_overrides_win_over_environment_over_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Path(tmp_path, ".env").write_text(
        "IRCAL_HTTP__HOST=file\nIRCAL_HTTP__PORT=1\nIRCAL_GOOGLE__OWNER=Zoë\n", encoding="utf-8"
    )
    monkeypatch.setenv("IRCAL_HTTP__HOST", "environment")
    monkeypatch.setenv("IRCAL_HTTP__PORT", "2")

    settings = load_settings(http={"host": "override", "port": None}, config=None)

    assert (settings.http.host, settings.http.port, settings.google.owner) == ("override", 2, "Zoë")
    assert settings.config == Path("config")


def test_settings_are_frozen() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.config = Path("elsewhere")  # type: ignore[misc]  # that it is refused is the test
    with pytest.raises(ValidationError):
        settings.http.port = 1  # type: ignore[misc]  # the same


def test_an_override_that_is_no_setting_is_a_mistake_in_the_code() -> None:
    with pytest.raises(TypeError, match="there is no setting confg"):
        load_settings(confg="x")


def test_an_empty_variable_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRCAL_DATABASE_URL", "")
    monkeypatch.setenv("IRCAL_HTTP__PORT", "")
    assert load_settings().http.port == 8080


def test_the_log_level_may_be_written_in_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRCAL_LOG_LEVEL", "WARNING")
    assert load_settings().log_level == "warning"


@pytest.mark.parametrize(
    ("variable", "value", "fault", "example"),
    [
        ("HTTP__PORT", "http", "it must be a whole number from 0 to 65535", "8080"),
        ("HTTP__PORT", "70000", "it must be a whole number from 0 to 65535", "8080"),
        ("STATE_DIR", "what?", "a folder with a `?` in its name cannot hold the database", "/var/lib/ircal"),
        ("GOOGLE__REQUESTS_PER_MINUTE", "0", "it must be a whole number from 1 to 100000", "600"),
        ("WINDOW_YEARS", "0", "it must be a whole number from 1 to 10", "2"),
        ("REFRESH_SECONDS", "nan", "it must be a number from 0.05 to 3600", "2"),
        ("HTTP__FEEDS_BY_ID", "yes", "it must be one of auto, always, never", "never"),
        ("LOG_LEVEL", "loud", "it must be one of debug, info, warning, error", "debug"),
        (
            "GOOGLE__API_ROOT",
            "http://google.example",
            "an access token would travel in clear over http; use https",
            "https://www.googleapis.com",
        ),
        (
            "GOOGLE__API_ROOT",
            "www.googleapis.com",
            "this is not a web address; it begins with https://",
            "https://www.googleapis.com",
        ),
        (
            "HTTP__PUBLIC_URL",
            "https://" + "x" * 120,
            "it is longer than 120 characters, and feed addresses are to stay below 200",
            "https://calendars.example.edu",
        ),
        (
            "HTTP__TRUSTED_PROXIES",
            "127.0.0.1, *",
            "`*` is no address and no network; a network has zeros at its end",
            "127.0.0.1,10.0.0.0/8",
        ),
        (
            "HTTP__TRUSTED_PROXIES",
            "10.0.0.1/8",
            "`10.0.0.1/8` is no address and no network; a network has zeros at its end",
            "127.0.0.1,10.0.0.0/8",
        ),
        ("HTTP__WRONG_PER_MINUTE", "0", "it must be a whole number from 1 to 1000000", "30"),
        ("HTTP__DAYS_AFTER_LEAVING", "-1", "it must be a whole number from 0 to 3650", "90"),
        (
            "HTTP__PUBLIC_URL",
            "https://calendars.example.edu:port",
            "its host or its port cannot be read",
            "https://calendars.example.edu",
        ),
        (
            "HTTP__PUBLIC_URL",
            "https://calendars.example.edu/?a=1",
            "a web address ends with its path, without `?` or `#`",
            "https://calendars.example.edu",
        ),
    ],
)
def test_a_wrong_value_is_named_with_an_example(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, fault: str, example: str
) -> None:
    monkeypatch.setenv(f"IRCAL_{variable}", value)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert raised.value.message == f"IRCAL_{variable} is '{value}': {fault} (for example IRCAL_{variable}={example})"
    assert raised.value.remedy == "Mend it in the environment or in `.env`."


@pytest.mark.parametrize("value", ["$argon2id$x", "surgery", "surgery=hunter2", "surgery=$argon2id$x =$argon2id$y"])
def test_hashes_of_programmes_have_names_and_are_hashes(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("IRCAL_ADMIN__PASSWORD_HASHES", value)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert raised.value.message.startswith("IRCAL_ADMIN__PASSWORD_HASHES: ")
    assert "hunter2" not in raised.value.message


@pytest.mark.parametrize("value", ["{half", "3"])
def test_a_value_for_a_whole_group_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("IRCAL_HTTP", value)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert raised.value.message == "IRCAL_HTTP is a group of settings and has no value itself."


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRCAL_HTTP__PORT", "70000")
    monkeypatch.setenv("IRCAL_LOG_LEVEL", "loud")
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert [line.partition(" ")[0] for line in raised.value.message.splitlines()] == [
        "IRCAL_LOG_LEVEL",
        "IRCAL_HTTP__PORT",
    ]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("IRCAL_DATABASE_URL", "mysql://ircal:hunter2@db/ircal"),
        ("IRCAL_DATABASE_URL", "hunter2"),
        ("IRCAL_GOOGLE__API_ROOT", "https://me:hunter2@google.example"),
        ("IRCAL_HTTP__PUBLIC_URL", "https://hunter2@calendars.example.edu"),
        ("IRCAL_GOOGLE", "{hunter2"),
    ],
)
def test_no_error_shows_a_secret(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert "hunter2" not in f"{raised.value} {raised.value.remedy} {raised.value.__cause__}"


def test_no_repr_shows_the_database_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRCAL_DATABASE_URL", "postgresql://ircal:hunter2@db/ircal")
    settings = load_settings()
    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump_json()}"
    assert settings.store_url == "postgresql://ircal:hunter2@db/ircal"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://www.googleapis.com/", "https://www.googleapis.com"),
        ("https://proxy.example/google/", "https://proxy.example/google"),
        ("http://127.0.0.1:8081/", "http://127.0.0.1:8081"),
        ("http://[::1]:8081", "http://[::1]:8081"),
        ("http://localhost:8081", "http://localhost:8081"),
    ],
)
def test_the_api_root_loses_its_last_slash(monkeypatch: pytest.MonkeyPatch, written: str, read: str) -> None:
    monkeypatch.setenv("IRCAL_GOOGLE__API_ROOT", written)
    assert load_settings().google.api_root == read


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("LOCALHOST", True),
        ("sandbox.localhost", True),
        ("0.0.0.0", False),  # noqa: S104 nothing is bound
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example.com", False),
        ("127.0.0.1.example.com", False),
        ("", False),
    ],
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("host", "by_id", "expected"),
    [
        ("127.0.0.1", "auto", True),
        ("192.0.2.1", "auto", False),
        ("192.0.2.1", "always", True),
        ("127.0.0.1", "never", False),
    ],
)
def test_feeds_by_id(host: str, by_id: str, expected: bool) -> None:
    assert load_settings(http={"host": host, "feeds_by_id": by_id}).http.serves_by_id is expected


def test_the_base_url() -> None:
    assert load_settings(http={"host": "::1", "port": 80}).http.base_url == "http://[::1]:80"
    assert load_settings(http={"public_url": "https://c.example/x/"}).http.base_url == "https://c.example/x"


def test_unknown_variables_are_reported_with_the_closest_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IRCAL_CONFG", "x")
    monkeypatch.setenv("IRCAL_XYZZY_PLUGH", "x")
    monkeypatch.setenv("IRCAL_HTTP__PORT", "1")
    Path(tmp_path, ".env").write_text("IRCAL_HTTP__PROT=1\nPOSTGRES_PASSWORD=x\n", encoding="utf-8")

    load_settings()  # does not stumble over them

    assert oddities() == (
        "IRCAL_CONFG is not a setting; did you mean IRCAL_CONFIG?",
        "IRCAL_HTTP__PROT is not a setting; did you mean IRCAL_HTTP__PORT?",
        "IRCAL_XYZZY_PLUGH is not a setting.",
    )


def test_an_env_file_that_is_not_utf8_is_an_error_for_people(tmp_path: Path) -> None:
    Path(tmp_path, ".env").write_bytes(b"IRCAL_GOOGLE__OWNER=Zo\xeb\n")
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert raised.value.message == "The file .env cannot be read: invalid continuation byte."
    assert oddities() == ()


def test_a_garbled_line_that_sets_something_of_ours_is_an_error_with_its_place(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Path(tmp_path, ".env").write_text(
        'A=1\n\nIRCAL_CONFIG hunter2\n\n\nexport IRCAL_STATE_DIR\nIRCAL_GOOGLE__OWNER="hunter2\n', encoding="utf-8"
    )
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert raised.value.message.splitlines() == [
        ".env:3: IRCAL_CONFIG is not followed by `=` and a value.",
        ".env:6: IRCAL_STATE_DIR is not followed by `=` and a value.",
        ".env:7: IRCAL_GOOGLE__OWNER is not followed by `=` and a value.",
    ]
    assert raised.value.remedy == "Write it as NAME=value; a value in quotes needs both of them."
    assert caplog.records == []


def test_a_garbled_line_of_another_program_is_noted_and_passed_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Path(tmp_path, ".env").write_text("\n  \nsecret words\nIRCAL_HTTP__PORT=1\n", encoding="utf-8")
    assert load_settings().http.port == 1
    assert oddities() == (".env:3 is not NAME=value, and is passed over.",)
    assert caplog.records == []


def test_the_short_name_of_postgresql_is_put_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRCAL_DATABASE_URL", "postgres://ircal:hunter2@db/ircal")
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert raised.value.message == (
        "IRCAL_DATABASE_URL: write postgresql:// where it says postgres:// "
        "(for example IRCAL_DATABASE_URL=postgresql://ircal:secret@db/ircal)"
    )


def test_trusted_proxies_are_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().http.proxies == ()
    monkeypatch.setenv("IRCAL_HTTP__TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,::1")
    assert load_settings().http.proxies == ("127.0.0.1/32", "10.0.0.0/8", "::1/128")


def test_an_empty_text_is_told_that_it_is() -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(http={"host": ""})
    assert raised.value.message == (
        "IRCAL_HTTP__HOST is '': it must be a text that is not empty (for example IRCAL_HTTP__HOST=0.0.0.0)"
    )


def test_the_secret_of_a_webhook_is_long_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRCAL_HOOKS__CONFIG_SECRET", "Sesame" * 6)
    assert "Sesame" not in repr(load_settings())
    monkeypatch.setenv("IRCAL_HOOKS__CONFIG_SECRET", "Sesame")
    with pytest.raises(SettingsError, match="IRCAL_HOOKS__CONFIG_SECRET") as caught:
        load_settings()
    assert "shorter than 32 characters" in str(caught.value)
    assert "Sesame" not in str(caught.value)
