"""What the database holds: documents, their indexes and their named queries."""
