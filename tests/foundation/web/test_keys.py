from hypothesis import given
from hypothesis import strategies as st

from foundation.web.keys import key_in


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_a_written_key_is_read(key):
    assert key_in(str(key)) == key


@given(st.text() | st.integers(max_value=-1).map(str) | st.integers(min_value=10**18).map(str))
def test_whatever_else_somebody_types_is_none_and_never_an_error(text):
    found = key_in(text)
    assert found is None or 0 <= found < 10**18


def test_digits_of_other_scripts_and_too_many_are_no_key():
    assert [key_in(text) for text in ("", "٣", "1" * 19, "1" * 5000, " 1", "+1")] == [None] * 6
