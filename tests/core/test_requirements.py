from pathlib import Path

import pytest
from django.core.management import call_command

from shop.core.requirements import marks_read, requirements_read

ROOT = Path(__file__).parents[2]


def test_the_page_is_up_to_date():
    call_command("requirements", check=True)


def test_every_requirement_stands_once():
    ids = [one.id for one in requirements_read(ROOT)]

    assert len(ids) == len(set(ids)) == 137


def test_marks_are_read_from_files_and_functions(tmp_path):
    (tmp_path / "test_x.py").write_text(
        "import pytest\npytestmark = [pytest.mark.django_db, pytest.mark.req('S1.01')]\n"
        "@pytest.mark.req('S1.02', 'S1.03')\ndef test_it(): ...\n"
    )

    assert marks_read(tmp_path) == {
        "S1.01": [f"{tmp_path.name}/test_x.py"],
        "S1.02": [f"{tmp_path.name}/test_x.py::test_it"],
        "S1.03": [f"{tmp_path.name}/test_x.py::test_it"],
    }


def test_a_mark_that_names_no_requirement_is_an_error(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "requirements.toml").write_text('[pages]\n["A"]\n"S1.01" = "x"\n')
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text(
        "import pytest\n@pytest.mark.req('S9.99')\ndef test_it(): ...\n"
    )

    with pytest.raises(ValueError, match=r"S9\.99"):
        requirements_read(tmp_path)
