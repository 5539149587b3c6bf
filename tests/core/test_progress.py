import pytest

from shop.core import progress as subject


def test_a_log_gets_one_line_when_all_is_done(capsys: pytest.CaptureFixture) -> None:
    assert list(subject.progress("abc", label="letters")) == ["a", "b", "c"]
    with subject.progress_bar(total=4, label="parcels") as done:
        done(1)
        done(3)

    assert capsys.readouterr().err.splitlines() == ["letters: 3 of 3, 0 s", "parcels: 4 of 4, 0 s"]


def test_a_long_step_says_where_it_is(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "LOG_SECONDS", 0)

    list(subject.progress(iter("ab"), label="letters"))

    assert capsys.readouterr().err.splitlines() == [
        "letters: 1, 0 s",
        "letters: 2, 0 s",
        "letters: 2, 0 s",
    ]
