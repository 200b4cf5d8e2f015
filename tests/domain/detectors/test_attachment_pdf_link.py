"""A document that leads on."""

import pytest

from dashboard.domain.detectors.attachment_pdf_link import RULE, detect
from tests.domain.detectors.mail import OWN, carrying, plain, rules


def leading(*hosts: str) -> bytes:
    links = (f"<< /S /URI /URI (https://{host}/view) >>" for host in hosts)
    return carrying("Invoice.pdf", f"%PDF-1.4\n{' '.join(links)}\n%%EOF".encode())


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(plain(), id="no file"),
        pytest.param(leading(), id="no link"),
        pytest.param(leading("pay.example.com"), id="to the sender"),
        pytest.param(leading("intranet.example.org"), id="to ourselves"),
        pytest.param(leading("www.linkedin.com"), id="where anything leads"),
        pytest.param(leading("a.test", "b.test", "c.test"), id="to many"),
        pytest.param(carrying("a.txt", b"/URI (https://a.test)"), id="no document"),
    ],
)
def test_is_silent_about(raw):
    assert rules(detect, raw, OWN) == []


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(leading("files.test"), id="to a stranger"),
        pytest.param(leading("files.test", "www.example.com"), id="and to the sender"),
        pytest.param(leading("docs.google.com"), id="to a page anybody can make"),
        pytest.param(leading("files.test").replace(b"Invoice.pdf", b""), id="no name"),
    ],
)
def test_reports(raw):
    assert rules(detect, raw, OWN) == [RULE]
