"""The lines at the side of the back office."""

from types import SimpleNamespace

import pytest

from shop.dashboard.templatetags.desk_tags import side_link

pytestmark = pytest.mark.req("S3.22")


def test_only_the_line_that_leads_closest_is_marked(rf) -> None:
    context = {"request": rf.get("/dashboard/returns/complaints/3/")}
    returns = SimpleNamespace(label="Returns", url="/dashboard/returns/")
    complaints = SimpleNamespace(label="Complaints", url="/dashboard/returns/complaints/")

    assert "aria-current" not in side_link(context, returns)
    assert 'aria-current="true"' in side_link(context, complaints)
    context = {"request": rf.get("/dashboard/returns/RET-1/")}
    assert 'aria-current="true"' in side_link(context, returns)
