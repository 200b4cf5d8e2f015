"""What people fill in, one module per blueprint."""
