"""Text survives both readers of a unit, Quadlet and systemd; the readers here are written from systemd's documentation."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from provisioner.host.quadlet import Section, entries, line, unit_text, word

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), min_size=1)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def expanded(text: str) -> str:
    """What systemd makes of `%` and `$` in a command line; a single one would be a specifier or a variable."""
    assert not re.search(r"(?<!%)(?:%%)*%(?!%)", text)
    assert not re.search(r"(?<!\$)(?:\$\$)*\$(?!\$)", text)
    return text.replace("%%", "%").replace("$$", "$")


def split(value: str) -> list[str]:
    """Words as systemd.syntax(7) has them: white space separates, quotes hold together, a backslash escapes."""
    pieces = re.findall(r'"((?:[^"\\]|\\.)*)"|([^ \t\n\r]+)', value)
    return [re.sub(r"\\(x..|.)", lambda match: _unescaped(match[1]), quoted) if quoted else bare for quoted, bare in pieces]


def _unescaped(escape: str) -> str:
    return chr(int(escape[1:], 16)) if escape[0] == "x" else ESCAPES.get(escape, escape)


@given(st.lists(TEXT, min_size=1))
@example(['say "hi" $HOME ${PATH} 100% %h \\ \n\t\r'])
def test_words_come_back_as_they_were(texts: list[str]) -> None:
    text = unit_text([Section(name="Container", lines=[("Exec", " ".join(map(word, texts)))])])
    (entry,) = entries(text)
    assert [expanded(each) for each in split(entry.value)] == texts


@given(TEXT)
@example("a\\")
@example('"a"')
@example("%{address:app-1}")
def test_a_single_value_comes_back_or_is_refused(text: str) -> None:
    try:
        written = line(text)
    except ValueError:
        return
    (entry,) = entries(unit_text([Section(name="Container", lines=[("WorkingDir", written)])]))
    assert expanded(entry.value) == text
    assert "\\" not in text[-1:]


@given(TEXT)
def test_no_text_of_a_user_reads_as_an_address_slot(text: str) -> None:
    from provisioner.host.delivery import needed_addresses
    from provisioner.host.model import Bundle, Unit

    assert not needed_addresses(Bundle(host="app-1", units=(Unit(name="a.container", text=word(text + "%{address:app-2}")),)))
