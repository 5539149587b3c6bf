"""What is wrong in a form is said at its field, and the page says first that something is."""

from dataclasses import dataclass
from html.parser import HTMLParser

CONTROLS = {"input", "select", "textarea"}
VOID = {"input", "img", "br", "hr", "meta", "link", "source", "use", "path", "wbr"}


@dataclass
class Control:
    """A field that says it is wrong, and the ids of what describes it."""

    name: str
    described_by: list[str]


class Told(HTMLParser):
    """What a page says about mistakes: to whom, and where."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.wrong: list[Control] = []
        self.errors: list[str] = []  # ids of the errors beside fields
        self.ids: set[str] = set()
        self.words: dict[str, str] = {}
        self.leads: list[str] = []  # ids that the summary's links lead to
        self.is_announced = self.has_focus = False
        self._open: list[tuple[str, str, bool]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        here = facts.get("id", "")
        self.ids.add(here)
        is_alert = facts.get("role") == "alert" and "field__error" not in facts.get("class", "")
        self.is_announced |= facts.get("role") == "alert"
        self.has_focus |= "data-autofocus" in facts
        described = facts.get("aria-describedby", "").split()
        if facts.get("aria-invalid") == "true" or (
            tag == "fieldset" and "--error" in facts.get("class", "")
        ):
            self.wrong.append(Control(facts.get("name") or here or tag, described))
        if "field__error" in facts.get("class", "").split():
            self.errors.append(here)
        in_alert = is_alert or bool(self._open and self._open[-1][2])
        if tag == "a" and in_alert and facts.get("href", "").startswith("#"):
            self.leads.append(facts["href"][1:])
        if tag not in VOID:
            self._open.append((tag, here, in_alert))

    def handle_endtag(self, tag: str) -> None:
        while tag not in VOID and self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _, here, _ in self._open:
            if here:
                self.words[here] = (self.words.get(here, "") + data).strip()


def untold(text: str) -> list[str]:
    """What a reader who does not see the page would not learn of its mistakes."""
    told = Told(text)
    missing = []
    if not told.wrong and not told.has_focus:
        missing.append("no field says that it is wrong, and no summary either")
    if not told.is_announced and not told.has_focus:
        missing.append("nothing is announced")
    described = {one for control in told.wrong for one in control.described_by}
    for control in told.wrong:
        errors = [one for one in control.described_by if one in told.errors]
        if not any(told.words.get(one) for one in errors):
            missing.append(f"{control.name} does not name its error")
    missing += [
        f"the error {one or 'without id'} belongs to no field"
        for one in told.errors
        if one not in described
    ]
    missing += [
        f"the summary leads to {one}, which is not there"
        for one in told.leads
        if one not in told.ids
    ]
    return missing
