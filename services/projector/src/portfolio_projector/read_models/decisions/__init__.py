"""Decisions: what was asked, chosen and why, with what auditors noted and sealed; and the reviews that held them."""
