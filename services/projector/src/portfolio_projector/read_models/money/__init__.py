"""Money: what initiatives and products were given, have set aside and have spent, as a chronicle that other answers share."""

from portfolio_projector.read_models.money.fold import MONEY, MONEY_OF_ALL

CHRONICLES = (MONEY, MONEY_OF_ALL)
