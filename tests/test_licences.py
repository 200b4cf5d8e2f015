"""Which licences may run inside our process."""

import pytest

from tools import licences


@pytest.mark.parametrize(
    "text",
    [
        "MIT",
        "BSD-3-Clause",
        "Apache Software License; BSD License",
        pytest.param(
            "LGPL-3.0-or-later", id="the lesser licence binds the library only"
        ),
        pytest.param("MIT OR GPL-2.0-only", id="a choice is ours to make"),
    ],
)
def test_what_leaves_our_code_ours_is_accepted(text):
    assert not licences.is_refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "GPL-2.0-only AND CC-BY-4.0",
        "GNU Affero General Public License v3",
        "AGPL-3.0-or-later",
        "GNU General Public License v3 (GPLv3)",
        pytest.param("UNKNOWN", id="a library that says nothing grants nothing"),
    ],
)
def test_what_would_bind_our_code_is_refused(text):
    assert licences.is_refused(text)


def test_no_library_in_our_process_binds_our_code():
    refused = {n for n, t in licences.licences().items() if licences.is_refused(t)}
    assert refused == set()


def test_the_embedded_database_would_be_refused_inside_our_process():
    assert licences.is_refused(licences.licence("SecantusDB"))
    assert "SecantusDB" not in licences.licences()
