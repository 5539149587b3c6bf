import pytest

from shop import env
from shop.env import WrongSettingError


@pytest.mark.parametrize("value", ["abc", "-1", "70000", "8e3", "٣", "1" * 5000, "0x10", "8000.0"])
def test_a_wrong_number_is_refused_with_one_sentence(monkeypatch, value):
    monkeypatch.setenv("PORT", value)

    with pytest.raises(WrongSettingError) as refusal:
        env.number("PORT", 8000, low=1, high=65534)

    assert str(refusal.value).startswith("Storekeep cannot start: PORT must be a whole number")
    assert "\n" not in str(refusal.value)


def test_an_empty_value_counts_as_not_given(monkeypatch):
    monkeypatch.setenv("PORT", " ")
    monkeypatch.setenv("DEMO", "")

    assert env.number("PORT", 8000) == 8000
    assert env.choice("DEMO", ("small", "none"), default="small") == "small"


def test_a_word_that_is_no_choice_names_the_choices(monkeypatch):
    monkeypatch.setenv("DEMO", "huge")

    with pytest.raises(WrongSettingError, match="DEMO must be one of small, none, not 'huge'"):
        env.choice("DEMO", ("small", "none"), default="small")


@pytest.mark.parametrize(
    "value", ["shop.example", "mysql://root:hunter2@db/shop", "postgresql://db:port/x"]
)
def test_a_wrong_address_is_refused_and_its_password_is_not_repeated(monkeypatch, value):
    monkeypatch.setenv("DATABASE_URL", value)

    with pytest.raises(WrongSettingError, match="must be an address") as refusal:
        env.url("DATABASE_URL", schemes=("postgresql",))

    assert "hunter2" not in str(refusal.value)


def test_flags_and_lists_are_read_as_people_write_them(monkeypatch):
    monkeypatch.setenv("DEBUG", "Yes")
    monkeypatch.setenv("ALLOWED_HOSTS", " shop.example, ,www.shop.example ,")

    assert env.flag("DEBUG", default=False) is True
    assert env.items("ALLOWED_HOSTS") == ["shop.example", "www.shop.example"]


def test_a_missing_value_without_default_is_named(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)

    with pytest.raises(WrongSettingError, match="SECRET_KEY is not set"):
        env.text("SECRET_KEY")
