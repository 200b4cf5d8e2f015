"""What PhishNet knows about mail: plain values and functions, nothing else."""
