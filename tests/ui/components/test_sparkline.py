from mbs_app.ui.components.sparkline import spark_points


def test_the_limit_is_the_dashed_line() -> None:
    assert spark_points([45, 0], limit=45) == "0.0,3.0 100.0,23.0"


def test_one_value_is_no_line() -> None:
    assert spark_points([3], limit=45) == ""


def test_above_the_limit_stays_inside() -> None:
    assert spark_points([90, 45], limit=45).startswith("0.0,3.0 ")
