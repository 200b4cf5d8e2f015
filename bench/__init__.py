"""What measures speed, memory and detection; prints ratios, tests nothing."""
