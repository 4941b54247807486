"""Any name and any address fit DHL's fields, and lose nothing that could be written."""

from hypothesis import given, strategies as st

from escale.partners.courier.plain import cut, latin, lines


def test_letters_of_our_countries_are_transliterated():
    assert latin("Œuvre d’Élodie Çelik‑Łuć, n° 3, ß «x»") == 'OEuvre d\'Elodie Celik-Luc, no 3, ss "x"'


def test_other_scripts_are_dropped():
    assert latin("Jean 王伟 Αθήνα") == "Jean"


@given(st.text())
def test_what_is_latin_is_printable_and_stays_so(text: str):
    once = latin(text)

    assert once.isascii()
    assert once == "" or once.isprintable()
    assert latin(once) == once


@given(st.text(alphabet="abc ,", max_size=60), st.integers(5, 20))
def test_cutting_keeps_the_beginning_and_whole_words(text: str, length: int):
    kept = cut(text, length)

    assert len(kept) <= length
    assert text.startswith(kept)


@given(st.tuples(st.text(alphabet="abcdé ,", max_size=50), st.text(alphabet="abcdé ,", max_size=50)))
def test_an_address_loses_no_letter_while_lines_remain(texts: tuple[str, str]):
    flowed = lines(texts, count=20, length=12)

    def letters(parts: list[str]) -> str:
        return "".join(parts).replace(" ", "").replace(",", "")

    assert all(0 < len(line) <= 12 for line in flowed)
    assert letters(flowed) == letters([latin(text) for text in texts])


def test_lines_break_between_words():
    assert lines(("12 rue des Tres-Longues-Avenues", "Bat. B"), count=3, length=14) == [
        "12 rue des",
        "Tres-Longues-A",
        "venues",
    ]
