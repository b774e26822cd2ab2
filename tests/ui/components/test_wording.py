from mbs_app.ui.components.wording import commas, counted, people, percent


def test_thousands_have_commas() -> None:
    assert commas(12_406) == "12,406"


def test_percents_have_one_decimal() -> None:
    assert percent(42, 18_442) == "0.2%"


def test_a_percent_of_nothing_is_zero() -> None:
    assert percent(0, 0) == "0%"


def test_one_is_singular() -> None:
    assert counted(1, "text", "texts") == "1 text"
    assert people(412) == "412 people"
