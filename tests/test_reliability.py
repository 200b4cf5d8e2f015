"""The chart of what a risk says and what is so."""

from bench.reliability import chart, tenths


def test_a_tenth_is_weighed_as_if_half_of_all_were_phish():
    risks = [0.95, 0.92, 0.02, 0.02, 0.02, 0.96]
    labels = [True, True, False, False, False, False]

    last = tenths(risks, labels)[9]

    assert (last.messages, round(last.so, 3)) == (3, 0.8)  # 1 against a quarter
    assert round(last.said, 3) == 0.94


def test_a_tenth_without_messages_says_so():
    lines = list(chart(tenths([0.05, 1.0], [False, True])))

    assert lines[1] == "0.1 to 0.2  no message"
    assert "n=     1  said 1.00  is 1.00" in lines[9]


def test_what_is_off_is_marked():
    honest, wrong = tenths([0.05, 0.55], [False, False])[0::5]

    assert [line.endswith("OFF") for line in chart([honest, wrong])] == [False, True]
