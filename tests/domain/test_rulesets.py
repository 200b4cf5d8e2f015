import re
from pathlib import Path

import pytest

from dashboard.domain import detectors, rulesets
from dashboard.domain.rulesets import RulesetInvalid

SOUND = """
version = "1"
base = 0
[levels]
low = 10
medium = 20
high = 30
critical = 40
[risk]
midpoint = 20
scale = 5
[against]
cap = 10
cap-beside-deceit = 2
deceits = ["lie"]
[groups.talk]
cap = 12
rules = ["lie", "hurry"]
[points.for]
lie = 30
hurry = 5
[points.against]
known = 5
"""


def altered(old, new):
    assert old in SOUND
    return SOUND.replace(old, new).encode()


class TestParse:
    def test_reads_weights_levels_and_curve(self):
        ruleset = rulesets.parse(SOUND.encode())

        assert ruleset.points_for["lie"] == 30
        assert ruleset.thresholds["critical"] == 40
        assert ruleset.risk_scale == 5.0

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            pytest.param("known = 5", "known = -5", id="an against-rule that adds"),
            pytest.param("lie = 30", "lie = -1", id="a for-rule that takes away"),
            pytest.param("known = 5", "lie = 5", id="a rule of both kinds"),
            pytest.param("hurry = 5", "hurry = 0.5", id="half a point"),
            pytest.param("hurry = 5", "hurry = true", id="a truth instead of points"),
            pytest.param("high = 30", "high = 20", id="two levels at one score"),
            pytest.param("scale = 5", "scale = -5", id="more points, less risk"),
            pytest.param('["lie"]', '["unheard-of"]', id="a deceit without points"),
            pytest.param('"lie", "hurry"', '"known"', id="a group of strangers"),
            pytest.param("base = 0", "", id="no base"),
            pytest.param("[levels]", "[levels", id="no TOML"),
        ],
    )
    def test_refuses(self, old, new):
        with pytest.raises(RulesetInvalid):
            rulesets.parse(altered(old, new))

    def test_the_hash_changes_with_any_byte(self):
        longer = rulesets.parse(SOUND.encode() + b"# a word\n")

        assert longer.hash != rulesets.parse(SOUND.encode()).hash


class TestLoad:
    def test_the_current_version_is_sound_and_named_after_its_file(self):
        assert rulesets.load().version == rulesets.CURRENT

    def test_every_shipped_version_loads(self):
        assert rulesets.CURRENT in rulesets.versions()
        for version in rulesets.versions():
            assert rulesets.load(version).version == version

    @pytest.mark.parametrize("version", ["1999.1.1", "../2026.11.1", "hosts"])
    def test_refuses_what_is_no_version(self, version):
        with pytest.raises(RulesetInvalid):
            rulesets.load(version)

    def test_every_rule_a_detector_names_has_a_weight_of_its_kind(self):
        ruleset = rulesets.load()
        weighed = {*ruleset.points_for, *ruleset.points_against}

        assert named_rules() <= weighed

    def test_no_weight_is_left_without_a_detector(self):
        ruleset = rulesets.load()
        weighed = {*ruleset.points_for, *ruleset.points_against}

        assert weighed - named_rules() == {"detector-failed"}


def named_rules():
    folder = Path(detectors.__file__).parent
    source = "\n".join(path.read_text() for path in folder.glob("*.py"))
    return set(re.findall(r'^(?:[A-Z]+_)?RULE = "([a-z-]+)"', source, re.MULTILINE))
