"""Fitting the weights of a ruleset on messages of known kind."""

import csv

import pytest

from dashboard.domain import rulesets
from dashboard.domain.parsing import parse
from tests.domain.detectors.mail import linked, page, plain
from tools import calibrate, kinship, neutral
from tools.fitting import Seen, curve, fit, pieces

BASE = rulesets.load()
DONOR = plain(
    From="a@other.example",
    Received="by mx.other.example; today",
    Date="Wed, 1 May 2024 09:00:00 +0000",
    **{"X-Path": "other.example"},
)
LETTER = plain(
    "Come and see.\n> As you said.\n_____________________\nsent over a list\n",
    From="r@pot <desk@example.com>",
    **{"Subject": "Re: [a-list] News for r@pot", "List-Id": "<a-list.example>"},
    **{"Reply-To": "a-list@lists.example", "X-Provider": "somebody"},
)


def seen(*rules, is_phish, source="one", group=0, kind="original"):
    return Seen(f"{source}/{group}", source, is_phish, group, kind, tuple(rules))


def lot(count, *rules, is_phish, source, first=0):
    return [
        seen(*rules, is_phish=is_phish, source=source, group=first + at)
        for at in range(count)
    ]


class TestNeutral:
    def test_a_bare_copy_keeps_what_the_author_wrote(self):
        message = parse(neutral.bare(LETTER, "a.eml", ("r@pot",)))

        assert " ".join(message.visible_text.split()) == "Come and see. > As you said."
        assert message.sender.mailbox == "desk@example.com"

    def test_a_bare_copy_holds_no_mark_of_its_set(self):
        told = neutral.bare(LETTER, "a.eml", ("r@pot",)).lower()

        marks = (b"list", b"x-provider", b"received", b"r@pot", b"re:", b"return-path")
        assert not [mark for mark in marks if mark in told]

    def test_every_copy_bears_the_same_date(self):
        dates = {parse(neutral.bare(each, "a", ())).date for each in (LETTER, DONOR)}
        assert len(dates) == 1

    def test_the_name_alone_decides_the_readers_address(self):
        copies = [parse(neutral.bare(LETTER, name)) for name in ("a", "a", "b")]
        readers = [copy.to[0].mailbox for copy in copies]
        assert readers[0] == readers[1] != readers[2]

    def test_an_exchanged_copy_comes_by_the_others_way_in_its_own_name(self):
        message = parse(neutral.exchanged(LETTER, "a", DONOR))

        assert message.first("Received").value == "by mx.example.com; today"
        assert message.first("X-Path").value == "example.com"
        assert message.sender.domain == "example.com"

    def test_an_exchanged_copy_was_written_when_it_was_sent(self):
        message = parse(neutral.exchanged(LETTER, "a", DONOR))
        assert message.date == parse(DONOR).date

    def test_a_page_is_redressed_as_text_with_its_links(self):
        message = parse(neutral.redressed(linked("https://other.example/x"), "a"))

        assert not message.html
        assert message.visible_text.split()[-2:] == ["Here", "https://other.example/x"]

    def test_text_is_redressed_as_a_page_with_its_links(self):
        message = parse(neutral.redressed(plain("Go to https://b.example/ <b>"), "a"))

        assert [link.target for link in message.links] == ["https://b.example/"]
        assert message.visible_text == "Go to https://b.example/ <b>"


class TestKinship:
    TEXT = "one two three four five six seven eight nine ten eleven twelve thirteen"

    def kin(self, *raws):
        return kinship.groups([kinship.keys(parse(raw)) for raw in raws])

    def test_copies_with_another_name_in_them_are_kin(self):
        words = " ".join(f"word{chr(97 + at)}{chr(97 + at)}" for at in range(26)) * 4
        one, other = plain(f"Dear Ann. {words}"), plain(f"Dear Bob. {words}")
        assert self.kin(one, other, plain("Quite another thing.", Subject="")) == [
            0,
            0,
            2,
        ]

    def test_mails_about_different_things_are_not(self):
        one, other = plain(self.TEXT, Subject="a"), plain("See you soon.", Subject="b")
        assert self.kin(one, other) == [0, 1]

    def test_pictures_from_one_sender_to_one_host_are_kin(self):
        one = page('<a href="https://a.test/1"><img src="x"></a>', Subject="a")
        other = page('<a href="https://a.test/2"><img src="x"></a>', Subject="b")
        assert self.kin(one, other) == [0, 0]

    def test_kinship_reaches_over_others(self):
        assert kinship.groups([("a",), ("b",), ("a", "b"), ("c",)]) == [0, 0, 0, 3]


class TestPieces:
    def test_a_set_with_a_second_of_its_label_is_held_out_whole(self):
        told = [
            *(seen(is_phish=False, source=name) for name in ("a", "b", "b")),
            *(seen(is_phish=True, source="p", group=at) for at in range(5)),
        ]
        held = dict(pieces(told))
        assert (held["a"], held["b"]) == ({0}, {1, 2})

    def test_the_only_set_of_its_label_is_held_out_in_parts(self):
        told = lot(7, is_phish=True, source="p") + lot(2, is_phish=True, source="p")
        parts = list(pieces(told))

        assert set().union(*(held for _, held in parts)) == set(range(9))
        assert all({0, 7} <= held or not {0, 7} & held for _, held in parts)


class TestFit:
    TOLD = (
        *lot(40, "lie", is_phish=True, source="p"),
        *lot(40, is_phish=True, source="p", first=100),
        *lot(40, is_phish=False, source="h", first=400),
        *lot(40, "noise", is_phish=True, source="p", first=200),
        *lot(40, "noise", is_phish=False, source="h", first=300),
    )

    def test_a_rule_that_tells_them_apart_gains(self):
        points = fit(self.TOLD, {"lie": 10, "noise": 10}, (), hold=0.0001)
        assert points["lie"] > 10 > points["noise"]

    def test_a_rule_for_phishing_never_takes_away(self):
        told = lot(50, "lie", is_phish=False, source="h", first=100)
        told += lot(50, is_phish=True, source="p")
        assert fit(told, {"lie": 10}, (), hold=0.00001)["lie"] == 0

    def test_a_rule_against_it_never_adds(self):
        told = lot(50, "thread", is_phish=True, source="p")
        told += lot(50, is_phish=False, source="h", first=100)
        assert fit(told, {"thread": 8}, ("thread",), hold=0.00001)["thread"] == 0

    def test_a_rule_that_only_tells_something_gains_no_points(self):
        points = fit(self.TOLD, {"lie": 0, "noise": 10}, (), hold=0.0001)
        assert points["lie"] == 0

    def test_what_no_message_shows_keeps_its_points(self):
        points = fit(self.TOLD, {"lie": 10, "unseen": 33}, (), hold=0.001)
        assert points["unseen"] == 33

    def test_a_hard_hold_keeps_every_weight(self):
        prior = {"lie": 10, "noise": 7, "thread": 8}
        assert fit(self.TOLD, prior, ("thread",), hold=1000.0) == prior

    def test_a_campaign_counts_as_the_root_of_its_size(self):
        one = lot(5, "lie", is_phish=True, source="p")
        ham = lot(5, "lie", is_phish=False, source="h", first=50)
        many = [seen("lie", is_phish=False, group=99)] * 400
        prior = {"lie": 10}
        alone = fit([*one, *ham], prior, (), hold=0.001)
        assert (
            abs(fit([*one, *ham, *many], prior, (), hold=0.001)["lie"] - alone["lie"])
            < 3
        )

    def test_the_risk_is_even_halfway_between(self):
        middle, scale = curve([0, 5, 10, 15, 10, 15, 20, 25], [False] * 4 + [True] * 4)
        assert middle == pytest.approx(12.5, abs=0.5)
        assert scale > 0


def made(folder, name, *more):
    """The ruleset a run writes."""
    output = folder / name
    calibrate.main([str(folder), "2099.1.1", "--output", str(output), *more])
    return output.read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("messages")
    sets = {"ml_human_2019_2026": "ham", "old": "ham", "pot": "phish"}
    rows = []
    for source, label in sets.items():
        for at in range(5):
            body = f"{source} {at} " + ("Verify your account" * (label == "phish"))
            name = f"{source}-{at}.eml"
            (home / name).write_bytes(plain(body, Subject=name))
            rows.append({"path": name, "label": label, "set": source})
    with (home / "manifest.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return home


@pytest.fixture(scope="module")
def first(folder):
    return made(folder, "first.toml", "--cache", str(folder / "seen.jsonl"))


class TestCalibrate:
    def test_it_writes_a_ruleset_that_can_be_read(self, first):
        ruleset = rulesets.parse(first)

        assert ruleset.version == "2099.1.1"
        assert ruleset.points_for.keys() >= BASE.points_for.keys()
        assert ruleset.points_against.keys() == BASE.points_against.keys()
        assert ruleset.groups == BASE.groups

    def test_the_same_messages_give_the_same_file(self, folder, first):
        assert made(folder, "again.toml") == first

    def test_the_file_says_how_it_was_made(self, first):
        head = first.decode().partition("\nversion")[0]

        assert "15 messages" in head
        assert "exchanged  phish pot 1/5" in head
        assert all(line.startswith("#") for line in head.splitlines() if line)

    def test_kept_findings_give_the_same_file(self, folder, first, monkeypatch):
        monkeypatch.delattr(calibrate, "judge")
        assert made(folder, "kept.toml", "--cache", str(folder / "seen.jsonl")) == first

    def test_a_rule_the_base_does_not_know_is_added(self):
        text = '# old\n\nversion = "1"\n[points.for]\nlie = 3\n\n[points.against]\n'
        base = calibrate.weighed(BASE, {"lie": 3})
        told = calibrate.written(text, "2", "how", {"lie": 4, "new": 5}, base)
        assert told.startswith('# how\n\nversion = "2"\n')
        assert "[points.for]\nlie = 4\nnew = 5\n" in told

    def test_good_mail_seldom_reaches_the_levels(self):
        told = lot(1000, is_phish=False, source="ml_human_2019_2026")
        found = calibrate.levels(told, range(1000), ("ml_human_2019_2026",))

        assert sum(score >= found["critical"] for score in range(1000)) <= 5
        assert sum(score >= found["medium"] for score in range(1000)) <= 30
        assert list(found.values()) == sorted(set(found.values()))

    @pytest.mark.parametrize(("count", "medium"), [(100, 90), (99, 4)])
    def test_the_worst_large_set_decides_where_suspicion_begins(self, count, medium):
        told = lot(100, is_phish=False, source="ml_human_2019_2026")
        told += lot(count, is_phish=False, source="old", first=100)
        scores = [0] * 100 + list(range(count))
        found = calibrate.levels(told, scores, ("ml_human_2019_2026",))
        assert found["medium"] == medium
