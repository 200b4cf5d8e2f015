import pytest

from dashboard.domain import rulesets
from dashboard.domain.aggregator import Level, Verdict, assess, contributions, risk_for
from dashboard.domain.findings import (
    Evidence,
    Finding,
    NotChecked,
    Place,
    Polarity,
    Sentence,
    Where,
)

RULES = rulesets.parse(b"""
version = "test"
base = 0
[levels]
low = 10
medium = 20
high = 40
critical = 60
[risk]
midpoint = 25
scale = 8
[against]
cap = 15
cap-beside-deceit = 3
deceits = ["lie"]
[reasons]
telling = ["secret"]
passing = ["hurry"]
[groups.talk]
cap = 25
rules = ["hurry", "secret", "prize"]
[points.for]
lie = 60
odd = 12
hurry = 15
secret = 14
prize = 9
failed = 0
[points.against]
known = 12
answered = 8
""")


def found(*rules):
    seen = (Evidence(Place(Where.HEADER, "From"), "a@example.org"),)
    return [
        Finding(
            rule,
            Sentence("The rule %(rule)s spoke.", rule=rule),
            seen,
            Polarity.AGAINST if rule in RULES.points_against else Polarity.FOR,
        )
        for rule in rules
    ]


def assessed(*rules, not_checked=()):
    return assess(found(*rules), not_checked, RULES)


BLOCKED = NotChecked("content", Sentence("No body could be read."), blocks_verdict=True)
OPEN = NotChecked("links", Sentence("Link targets were not opened."))


class TestScore:
    def test_nothing_found_scores_the_base(self):
        assert assessed().score == 0

    @pytest.mark.parametrize(
        ("rules", "points"),
        [
            pytest.param(["odd"], [12], id="one rule, its points"),
            pytest.param(["odd", "odd"], [12, 0], id="a rule counts once"),
            pytest.param(["hurry", "secret"], [15, 10], id="a group is capped"),
            pytest.param(["prize", "hurry"], [9, 15], id="a group below its cap"),
            pytest.param(["known", "answered"], [-12, -3], id="against is capped"),
            pytest.param(["lie", "known"], [60, -3], id="a deceit is not outweighed"),
            pytest.param(["unheard-of"], [0], id="an unknown rule weighs nothing"),
        ],
    )
    def test_contributions(self, rules, points):
        assert contributions(found(*rules), RULES) == points

    def test_the_points_add_up_to_the_score(self):
        result = assessed("lie", "hurry", "secret", "prize", "known", "answered", "odd")

        assert sum(each.points for each in result.findings) == result.score

    def test_a_known_rule_with_the_wrong_polarity_weighs_nothing(self):
        turned = Finding("lie", Sentence("Turned."), (), Polarity.AGAINST)

        assert contributions([turned], RULES) == [0]


class TestVerdict:
    @pytest.mark.parametrize(
        ("rules", "level", "verdict"),
        [
            pytest.param([], Level.SAFE, Verdict.CLEAN, id="nothing"),
            pytest.param(["prize"], Level.SAFE, Verdict.CLEAN, id="just below low"),
            pytest.param(["odd"], Level.LOW, Verdict.CLEAN, id="low is clean"),
            pytest.param(
                ["hurry", "prize"], Level.MEDIUM, Verdict.SUSPICIOUS, id="medium"
            ),
            pytest.param(
                ["lie", "known"], Level.HIGH, Verdict.SUSPICIOUS, id="just below top"
            ),
            pytest.param(["lie"], Level.CRITICAL, Verdict.MALICIOUS, id="critical"),
        ],
    )
    def test_levels_follow_the_score(self, rules, level, verdict):
        result = assessed(*rules)

        assert (result.level, result.verdict) == (level, verdict)

    def test_a_blocked_check_makes_a_clean_verdict_impossible(self):
        result = assessed("odd", not_checked=[BLOCKED])

        assert (result.level, result.verdict) == (None, Verdict.CANNOT_JUDGE)
        assert "no body could be read" in result.summary.lower()

    def test_a_blocked_check_does_not_hide_a_deceit(self):
        assert assessed("lie", not_checked=[BLOCKED]).verdict is Verdict.MALICIOUS


class TestRisk:
    def test_rises_with_the_score_in_more_than_twenty_steps(self):
        risks = [risk_for(score, RULES) for score in range(-20, 100)]

        assert risks == sorted(risks)
        assert len(set(risks)) >= 20

    def test_is_even_at_the_midpoint_and_never_certain(self):
        assert risk_for(25, RULES) == 0.5
        assert risk_for(-(10**9), RULES) == 0.001
        assert risk_for(10**9, RULES) == 0.999

    @pytest.mark.parametrize("rules", [[], ["odd"], ["lie"]])
    @pytest.mark.parametrize("entry", [BLOCKED, OPEN])
    def test_what_was_not_checked_never_lowers_it(self, rules, entry):
        assert assessed(*rules, not_checked=[entry]).risk >= assessed(*rules).risk


class TestCounterfactuals:
    RULES = ("lie", "hurry", "secret", "odd", "odd", "known")

    @pytest.mark.parametrize("left_out", range(len(RULES)))
    def test_without_a_finding_is_what_scoring_the_others_says(self, left_out):
        findings = found(*self.RULES)
        others = findings[:left_out] + findings[left_out + 1 :]
        told = next(
            each
            for each in assess(findings, (), RULES).findings
            if each.finding is findings[left_out]
        )

        again = assess(others, (), RULES)

        assert told.without_score == again.score
        assert told.without_level == again.level
        assert told.without_verdict == again.verdict

    def test_the_decisive_finding_turns_the_verdict(self):
        decisive = assessed("lie").findings[0]

        assert decisive.without_verdict is Verdict.CLEAN


class TestOrder:
    def test_numbers_run_from_the_heaviest_for_to_those_against(self):
        result = assessed("known", "prize", "lie", "odd")
        told = [(each.number, each.finding.rule) for each in result.findings]

        assert told == [(1, "lie"), (2, "odd"), (3, "prize"), (4, "known")]

    def test_the_same_findings_give_the_same_assessment(self):
        assert assessed("odd", "known", "lie") == assessed("odd", "known", "lie")


class TestWords:
    @pytest.mark.parametrize(
        ("rules", "start"),
        [
            pytest.param([], "Nothing in this message points to", id="nothing"),
            pytest.param(["odd"], "Little points to phishing; at most: the", id="low"),
            pytest.param(
                ["hurry", "prize"], "This message is suspicious: the", id="suspicious"
            ),
            pytest.param(["lie"], "This message is malicious: the", id="malicious"),
        ],
    )
    def test_the_summary_names_verdict_and_strongest_reason(self, rules, start):
        summary = assessed(*rules).summary

        assert summary.startswith(start)
        assert summary.endswith(".")
        assert summary.count(".") == 1

    @pytest.mark.parametrize(
        ("rules", "told"),
        [
            pytest.param(["hurry", "secret"], "secret", id="what the deceit is"),
            pytest.param(["lie", "secret"], "lie", id="unless it weighs little"),
            pytest.param(["odd", "prize"], "odd", id="the heavier of two"),
            pytest.param(["hurry", "odd"], "odd", id="what is odd, last"),
        ],
    )
    def test_the_summary_tells_the_most_telling_of_the_weighty(self, rules, told):
        result = assessed(*rules)

        assert f"the rule {told} spoke" in result.summary
        assert result.findings[result.lead - 1].finding.rule == told

    def test_nothing_for_phishing_leads_nowhere(self):
        assert assessed("known").lead == 0

    @pytest.mark.parametrize(
        ("summary", "shown"),
        [
            pytest.param("It says a\u202eb.", "It says ab.", id="turned round"),
            pytest.param("It says\na\x00b.", "It saysab.", id="control characters"),
            pytest.param("x" * 300, "x" * 300, id="as long as may be"),
            pytest.param("x" * 301, "x" * 298 + "….", id="endless"),
            pytest.param("Es heißt 当選.", "Es heißt 当選.", id="any script"),
        ],
    )
    def test_a_sentence_holds_nothing_that_turns_it_round(self, summary, shown):
        result = assess([Finding("lie", Sentence(summary), ())], (), RULES)

        assert result.findings[0].finding.summary == shown

    def test_why_says_how_the_score_came_about(self):
        why = assessed("lie", "odd", "known").why

        assert why == (
            "2 findings for phishing (72 points) and 1 finding against it (3 points)"
            " make a score of 69."
        )
