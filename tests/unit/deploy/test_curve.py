"""Curves in the terminal."""

from portfolio_deploy.reading.curve import picture, sparkline


def test_a_sparkline_has_a_block_for_each_value():
    """The lowest and the highest are the outermost blocks; what is not known is a dot; what never changes is in the middle."""
    assert sparkline([0.5, None, 1.0, 0.75]) == "▁·█▅"
    assert sparkline([1.0, 1.0]) == "▅▅"
    assert sparkline([None, None]) == "··"
    assert sparkline([]) == ""


def test_a_picture_draws_curves_over_each_other():
    """From 0 at the bottom to the highest value at the top; a curve ends where its values do, and the later one is seen."""
    assert picture({".": [0, 5, 10], "#": [0, 5, None]}, width=5, height=3) == ["   ..", "  #", "##"]


def test_a_picture_of_nothing_is_empty():
    """Nothing planned, nothing earned; no days at all."""
    assert picture({".": [0, 0]}, width=4, height=2) == ["", ""]
    assert picture({".": []}, width=4, height=2) == ["", ""]
    assert picture({".": [1]}, width=3, height=1) == ["..."]


def test_what_is_below_nothing_is_drawn_at_the_bottom():
    """More was taken back than spent."""
    assert picture({"$": [-5, 10]}, width=2, height=2) == [" $", "$"]
