import pytest

from mbs_app.ui.components.segment_meter import meter_shape


def test_a_short_text_fills_part_of_the_first_segment() -> None:
    shape = meter_shape(158, shortest=150, longest=182)
    assert [cell.words for cell in shape.cells] == ["1 segment", "2 segments"]
    assert shape.cells[0].filled == pytest.approx(98.75)
    assert shape.cells[1].filled == 0
    assert shape.bracket_left == pytest.approx(150 / 306 * 100, abs=0.01)


def test_a_longer_longest_text_adds_segments() -> None:
    assert len(meter_shape(10, shortest=10, longest=400).cells) == 3


def test_unicode_texts_have_shorter_segments() -> None:
    shape = meter_shape(71, shortest=71, longest=71, single=70, joined=67)
    assert shape.cells[0].filled == 100
    assert 0 < shape.cells[1].filled < 100


def test_the_cells_fill_the_width() -> None:
    shape = meter_shape(900, shortest=0, longest=900)
    assert sum(cell.width for cell in shape.cells) == pytest.approx(100, abs=0.1)
