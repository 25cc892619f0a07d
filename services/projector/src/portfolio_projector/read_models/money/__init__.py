"""Money: what initiatives and products were given, have set aside and have spent, as a chronicle that other answers share."""
