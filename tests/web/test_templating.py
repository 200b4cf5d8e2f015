"""The words templates have for sizes."""

import pytest

from dashboard.web.templating import weight


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0.0 kB"),
        (1_234, "1.2 kB"),
        (999_900, "999.9 kB"),
        (1_000_000, "1.0 MB"),
        (26_214_400, "26.2 MB"),
        (3_100_000_000, "3,100.0 MB"),
    ],
)
def test_a_size_is_told_in_the_unit_that_suits_it(size, said):
    assert weight(size) == said
