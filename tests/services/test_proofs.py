"""What people decide of mail is heard by the history of its sender."""

import pytest
from bson import ObjectId

from dashboard.domain.context import Context
from dashboard.services import analyses, bulk, history, proofs
from dashboard.services.analyses import Decision
from dashboard.services.audit import Actor
from dashboard.services.bulk import Choice
from tests import factories
from tests.services.test_history import (
    come,
    correspond,
    judge,
    known,
    mail,
    row_of,
    run,
    submit,
)


@pytest.fixture
def account(app, database):
    return factories.account("manager")


class TestPeople:
    def test_who_call_it_phishing_are_believed(self, account):
        *_, last = correspond(account)
        judge(account, last, Decision.PHISHING)

        assert known(mail(), 20).judged_bad == 1
        assert not known(mail(), 20).is_known

    def test_are_heard_of_a_sender_of_whom_enough_is_kept(self, account):
        correspond(account, history.MOST_DAYS)
        identity = come(account, mail(body="Another."), 40)
        judge(account, identity, Decision.PHISHING)

        assert known(mail(), 50).judged_bad == 1

    def test_may_take_it_back(self, account):
        *_, last = correspond(account)
        judge(account, last, Decision.PHISHING)
        judge(account, last, Decision.LEGITIMATE)

        assert known(mail(), 20).is_known

    def test_who_judge_many_at_once_are_believed(self, account):
        ids = correspond(account)
        chosen = [Choice(ObjectId(i), 1) for i in ids]
        who = Actor(account.username, account.id)
        bulk.judge(
            chosen, account, who, verdict=Decision.PHISHING, category=None, note=""
        )

        assert known(mail(), 20).judged_bad == 4

    def test_are_heard_of_mail_that_is_proven_only_later(self, account):
        identity = submit(account, mail())
        run(identity, Context(trusted_servers=("mx.elsewhere.test",)))
        judge(account, identity, Decision.PHISHING)
        analyses.repeat(row_of(identity), Actor(account.username, account.id))
        run(identity)

        told = known(mail(), 3)
        assert (told.judged_bad, told.days, told.is_known) == (1, 0, False)

    def test_are_heard_while_a_worker_reads_the_mail(self, account, monkeypatch):
        identity, look_up = submit(account, mail()), history.look_up

        def judged_meanwhile(message, row):
            judge(account, identity, Decision.PHISHING)
            return look_up(message, row)

        with monkeypatch.context() as patched:
            patched.setattr(history, "look_up", judged_meanwhile)
            run(identity)

        assert known(mail(), 3).judged_bad == 1

    def test_hold_no_more_than_enough_against_anybody(self, account, monkeypatch):
        monkeypatch.setattr(proofs, "MOST_BAD", 3)
        ids = [come(account, mail(body=f"Minutes {n}.")) for n in range(5)]
        who, chosen = Actor(account.username, account.id), map(ObjectId, ids)
        some = [Choice(each, 1) for each in chosen]
        for part in (some[:2], some[2:]):
            bulk.judge(
                part, account, who, verdict=Decision.PHISHING, category=None, note=""
            )

        assert known(mail(), 20).judged_bad == 3

    def test_hold_a_forged_mail_against_nobody(self, account):
        judge(account, come(account, mail(result="fail")), Decision.PHISHING)

        assert known(mail(), 20).judged_bad == 0
