"""The read API: what is common to the routes of all read models."""
