"""An examination as it is stored: JSON, the same bytes for the same mail."""

from dashboard.domain.aggregator import Assessment, WeighedFinding
from dashboard.domain.context import Context
from dashboard.domain.correspondents import is_vouched
from dashboard.domain.engine import Examination
from dashboard.domain.findings import Evidence, NotChecked, Place, Sentence
from dashboard.domain.message import Breach, Message
from dashboard.domain.scanning import scanned_to_dict
from dashboard.domain.verification import verified_to_dict

MAX_VALUE = 2000  # characters of what stands at one place
MAX_FIELD = 500
MAX_RULES = 60

FORMAT = 3  # raised when the shape of a record changes


def to_record(examination: Examination) -> dict[str, object]:
    """Everything a receipt needs, as JSON: the assessment and what it rests on."""
    return {
        "assessment": assessment_to_dict(examination.assessment),
        "context": context_to_dict(examination.context),
        "format": FORMAT,
        "message": message_to_dict(examination.message),
    }


def summary(examination: Examination) -> dict[str, object]:
    """The fields a list of analyses shows and searches."""
    message, assessment = examination.message, examination.assessment
    lead = (each for each in assessment.findings if each.number == assessment.lead)
    top = next(lead, None)
    return {
        "subject": message.subject[:MAX_FIELD],
        "sender": message.sender.mailbox[:MAX_FIELD],
        "sender_name": message.sender.name[:MAX_FIELD],
        "recipient": next((a.mailbox for a in message.to), "")[:MAX_FIELD],
        "threat_level": assessment.level.value if assessment.level else None,
        "verdict": assessment.verdict.value,
        "confidence_score": assessment.risk,
        "detected_threats": rules(assessment),
        "analyzer_version": assessment.ruleset,
        "analysis_results": {
            "attachments": len(message.attachments),
            "authenticated": is_vouched(message, examination.context),
            "links": len(message.links),
            "score": assessment.score,
            "summary": str(assessment.summary),
            "top_rule": top.finding.rule if top else "",
            "top_signal": top.finding.summary[:MAX_FIELD] if top else "",
        },
    }


def rules(assessment: Assessment) -> list[str]:
    """The rules that speak for phishing, the heaviest first, each once."""
    named = (each.finding.rule for each in assessment.findings if each.points > 0)
    return list(dict.fromkeys(named))[:MAX_RULES]


def assessment_to_dict(assessment: Assessment) -> dict[str, object]:
    """An assessment as JSON."""
    return {
        "base": assessment.base,
        "findings": [finding_to_dict(each) for each in assessment.findings],
        "level": assessment.level.value if assessment.level else None,
        "not_checked": [not_checked_to_dict(each) for each in assessment.not_checked],
        "risk": assessment.risk,
        "ruleset": assessment.ruleset,
        "ruleset_hash": assessment.ruleset_hash,
        "score": assessment.score,
        "summary": str(assessment.summary),
        "told": told(assessment.summary),
        "verdict": assessment.verdict.value,
        "why": str(assessment.why),
        "why_told": told(assessment.why),
    }


def context_to_dict(context: Context) -> dict[str, object]:
    """The facts beside the message that it was judged by."""
    known, history = context.indicators, context.history
    return {
        "executives": list(context.executives),
        "forwarders": list(context.forwarders),
        "history": None if history is None else history.as_fields(),
        "indicators": None if known is None else [list(each) for each in known],
        "own_domains": list(context.own_domains),
        "protected": [[each.name, list(each.domains)] for each in context.protected],
        "scanned": scanned_to_dict(context.scanned),
        "trusted_servers": list(context.trusted_servers),
        "verified": verified_to_dict(context.verified),
        "version": context.version,
    }


def finding_to_dict(weighed: WeighedFinding) -> dict[str, object]:
    """A finding, its weight, and the verdict without it."""
    level = weighed.without_level
    return {
        "evidence": [evidence_to_dict(each) for each in weighed.finding.evidence],
        "number": weighed.number,
        "points": weighed.points,
        "polarity": weighed.finding.polarity.value,
        "rule": weighed.finding.rule,
        "summary": weighed.finding.summary[:MAX_VALUE],
        "told": told(weighed.finding.summary),
        "version": weighed.finding.version,
        "without_level": level.value if level else None,
        "without_score": weighed.without_score,
        "without_verdict": weighed.without_verdict.value,
    }


def evidence_to_dict(evidence: Evidence) -> dict[str, object]:
    """A place and what stands there; a long value is cut, and says so."""
    return {
        "expected": evidence.expected[:MAX_VALUE],
        "is_cut": len(evidence.value) > MAX_VALUE,
        "observed": evidence.observed[:MAX_VALUE],
        "place": place_to_dict(evidence.place),
        "value": evidence.value[:MAX_VALUE],
    }


def place_to_dict(place: Place) -> dict[str, object]:
    """A place as JSON."""
    return {
        "end": place.end,
        "index": place.index,
        "line": place.line,
        "name": place.name,
        "part": place.part,
        "path": place.path,
        "start": place.start,
        "where": place.where.value,
    }


def not_checked_to_dict(entry: NotChecked) -> dict[str, object]:
    """A check that was not made."""
    return {
        "blocks_verdict": entry.blocks_verdict,
        "check": entry.check,
        "reason": str(entry.reason),
        "told": told(entry.reason),
    }


def told(sentence: Sentence) -> dict[str, object]:
    """What another language needs to say it; values that are sentences likewise."""
    values = {
        name: told(value) if isinstance(value, Sentence) else str(value)[:MAX_FIELD]
        for name, value in sorted(sentence.values.items())
    }
    return {"template": str(sentence.template), "values": values}


def message_to_dict(message: Message) -> dict[str, object]:
    """The facts of a message that its receipt names."""
    return {
        "attachments": len(message.attachments),
        "breaches": [_breach(each) for each in message.breaches[:50]],
        "date": message.date.isoformat() if message.date else None,
        "links": len(message.links),
        "message_id": message.message_id[:MAX_FIELD],
        "parts": len(message.parts),
        "sender": message.sender.mailbox[:MAX_FIELD],
        "sender_name": message.sender.name[:MAX_FIELD],
        "size": message.size,
        "subject": message.subject[:MAX_FIELD],
    }


def _breach(breach: Breach) -> dict[str, object]:
    return {
        "detail": str(breach.detail),
        "limit": breach.limit,
        "place": place_to_dict(breach.place),
    }
