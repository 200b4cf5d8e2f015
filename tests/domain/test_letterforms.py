"""Letters that look like others, and languages that are written with them."""

import pytest

from dashboard.domain.letterforms import MOST_TEXT, disguises


def words(*texts):
    return [texts[each.text][each.start : each.end] for each in disguises(texts)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param("your pаssword", "pаssword", id="a Cyrillic letter inside"),
        pytest.param("Рaypal account", "Рaypal", id="a Cyrillic letter before"),
        pytest.param("the Amazоո", "Amazоո", id="Armenian behind"),
        pytest.param("your Αccοunt now", "Αccοunt", id="Greek letters"),
        pytest.param("open 𝗣𝗮𝘆𝗣𝗮𝗹 now", "𝗣𝗮𝘆𝗣𝗮𝗹", id="mathematical letters"),
        pytest.param("Ⓟⓐⓨ now", "Ⓟⓐⓨ", id="circled letters"),
        pytest.param("Ｐａｙ now", "Ｐａｙ", id="wide letters"),
        pytest.param("ᴜ́ʟᴛɪᴍᴏ aviso", "ᴜ́ʟᴛɪᴍᴏ", id="small capitals"),
        pytest.param("your U̷P̷S̷ parcel", "U̷P̷S̷", id="crossed out"),
        pytest.param("Net\u034fflix", "Net\u034fflix", id="held together"),
        pytest.param(
            "a\u0301\u0302\u0303b", "a\u0301\u0302\u0303b", id="a pile of marks"
        ),
        pytest.param("Подтвердите PаyPal", "PаyPal", id="inside, among Russian"),
    ],
)
def test_finds_the_word(text, word):
    assert words(text) == [word]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("your password", id="plain"),
        pytest.param("Café – “naïve” façade, Łódź", id="accents and quotes"),
        pytest.param("Деловое письмо", id="Russian"),
        pytest.param("Новая SIMка и SMSки, cтолы", id="Latin names with endings"),
        pytest.param("Η τράπεζα Alpha και η EΤΕ σας ενημερώνουν", id="Greek"),
        pytest.param("Công ty trách nhiệm hữu hạn Ánh Dương", id="Vietnamese"),
        pytest.param("Co\u0302\u0301ng ty hu\u031b\u0303u ha\u0323n", id="in pieces"),
        pytest.param("İstanbul'da ılık bir gün, şöyle böyle", id="Turkish"),
        pytest.param("s\u0326i t\u0326ara\u0306", id="Romanian in pieces"),
        pytest.param("5 μm, ΔT = 3 K, 10 kΩ, αmax and σx", id="a formula"),
        pytest.param("ＡＮＡのご予約、ＵＲＬはこちら", id="wide letters in Japanese"),
        pytest.param("the function 𝑓(𝑥)", id="a letter of mathematics"),
        pytest.param("Hello\u034f \u034f \u034f", id="filling behind a preview"),
        pytest.param("Ver\u00adsand\u00adkosten", id="soft hyphens"),
        pytest.param("the rГ©sumГ© we donвЂ™t attachпїЅ", id="read in another charset"),
        pytest.param("🇩🇪🇫🇷🇮🇹 teams", id="flags"),
        pytest.param("Բարեւ ձեզ", id="Armenian"),
    ],
)
def test_leaves_languages_alone(text):
    assert words(text) == []


def test_takes_the_alphabets_of_all_texts_together():
    assert words("SMSка", "Новая карта") == []
    assert words("SMSка", "A new card") == ["SMSка"]


def test_reads_the_beginning_of_a_long_text():
    assert words("a " * MOST_TEXT + "pаssword") == []


@pytest.mark.parametrize("letters", ["aа", "á̷", "ａ"])
def test_quotes_a_stretch_of_an_endless_word(letters):
    (word,) = words(letters * 50_000)

    assert len(word) <= 90
