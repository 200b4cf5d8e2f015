"""What the product does, free of HTTP; and its gateways to the outside world."""
