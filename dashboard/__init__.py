"""PhishNet: a dashboard in which analysts triage suspicious e-mail."""
