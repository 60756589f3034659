import pytest

from summaries.names import aliases, display_name, short_name


@pytest.mark.parametrize(
    ("registered", "shown", "short"),
    [
        ("BOEING CO", "Boeing Co", "Boeing"),
        ("WELLS FARGO & COMPANY/MN", "Wells Fargo & Company", "Wells Fargo"),
        ("AEON Biopharma, Inc.", "AEON Biopharma, Inc.", "AEON Biopharma"),
        ("Alphabet Inc. (Class A)", "Alphabet Inc.", "Alphabet"),
        ("FEDERAL SIGNAL CORP /DE/", "Federal Signal Corp", "Federal Signal"),
        ("SM Energy Co", "SM Energy Co", "SM Energy"),
        ("BANK OF NEW YORK CORP", "Bank of New York Corp", "Bank of New York"),
        ("Tesla, Inc.", "Tesla, Inc.", "Tesla"),
        ("IBM", "IBM", "IBM"),
    ],
)
def test_names_as_people_write_them(registered: str, shown: str, short: str) -> None:
    assert (display_name(registered), short_name(registered)) == (shown, short)


def test_aliases_run_from_the_longest() -> None:
    assert aliases("Tesla, Inc.") == ("Tesla, Inc.", "Tesla, Inc", "Tesla")
    assert aliases("UnitedHealth Group") == ("UnitedHealth Group", "UnitedHealth")
