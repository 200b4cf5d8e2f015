"""A document that leads on."""

import zlib
from email.message import EmailMessage

import pytest

from dashboard.domain.context import Context
from dashboard.domain.detectors.attachment_pdf_link import RULE, detect
from dashboard.domain.parsing import parse
from tests.domain.detectors.mail import OWN, carrying, plain, rules
from tests.quick import is_quick


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


def test_reads_many_hostile_documents_within_one_budget():
    pack = b"<< /Type /ObjStm >> stream\n" + zlib.compress(b"/URI(" * 40_000)
    raw = EmailMessage()
    raw["From"] = "Desk <desk@example.com>"
    raw.set_content("See the files.")
    for number in range(10):
        raw.add_attachment(
            b"%PDF-1.4\n" + (pack + b"\nendstream\n") * 40,
            maintype="application",
            subtype="pdf",
            filename=f"{number}.pdf",
        )
    message = parse(raw.as_bytes())

    assert len(message.attachments) == 10
    assert is_quick(lambda: list(detect(message, Context())), 0.3)
