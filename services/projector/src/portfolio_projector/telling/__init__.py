"""Telling: states of chronicles at moments, from the entries that are kept."""
