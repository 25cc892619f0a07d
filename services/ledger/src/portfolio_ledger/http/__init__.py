"""The HTTP door: events in, receipts out."""
