"""Whom a worker's task may ask beside its database."""

from types import SimpleNamespace

from dashboard.services.outside import NOBODY
from dashboard.tasks.analyses import beside
from tests.nameserver import serving, text


def test_is_nobody_by_default(app):
    assert beside(app) == NOBODY


def test_is_who_the_settings_name(tmp_path):
    (tmp_path / "own.yar").write_text("rule own { condition: true }")
    with serving() as nameserver:
        nameserver.records["_dmarc.example.com"] = text("v=DMARC1")
        settings = SimpleNamespace(
            DNS_CHECKS=True,
            DNS_SERVERS=(nameserver.address,),
            YARA_RULES_DIR=str(tmp_path),
        )

        asked = beside(SimpleNamespace(extensions={"settings": settings}))

        assert asked.resolver.texts(["_dmarc.example.com"]) == {
            "_dmarc.example.com": (b"v=DMARC1",)
        }
    assert asked.rules.compiled is not None


def test_is_made_once_in_a_process(tmp_path):
    settings = SimpleNamespace(
        DNS_CHECKS=True, DNS_SERVERS=("192.0.2.1",), YARA_RULES_DIR=str(tmp_path)
    )
    app = SimpleNamespace(extensions={"settings": settings})

    assert beside(app).resolver is beside(app).resolver
    assert beside(app).rules is beside(app).rules
