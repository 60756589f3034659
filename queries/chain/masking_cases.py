"""Made-up questions with personal data planted in them, and without any: what masking is measured by.

Nobody in them exists; numbers with check digits are the well-known samples or made to fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

PEOPLE = (
    "Jane Roe", "John Smith", "Adaeze Obi-Wright", "Mary O'Connell", "Luis García", "Priya Raman", "Wei Zhang", "Thomas Becker",
    "Fatima al-Sayed", "Olga Petrova", "Robert Q. Lee", "Anne-Marie Dubois", "Kwame Mensah", "Hiroshi Tanaka", "Siobhan Murphy", "Dieter van den Berg",
    "Latoya Jefferson", "Bartholomew Quigley", "Zsofia Kovacs", "Mohammed Rahman",
)  # fmt: skip
TICKERS = ("AAPL", "MSFT", "JPM", "XOM", "KO", "NVDA", "T", "F", "BRK.B", "PG")

# A name with words around it that say it is somebody's.
NAMED = (
    "My client {name} holds {ticker}. How has its margin moved?",
    "Prepare {ticker} revenue for my meeting with {name}",
    "Mr. {last} asks what {ticker} earned last year",
    "{name}'s portfolio is heavy in {ticker}; what is its debt?",
    "{name} wants to know whether {ticker} raised its dividend",
    "Dear {name}, what did {ticker} say about China?",
    "client: {name}. Compare {ticker} and MSFT on free cash flow",
    "{name} is worried about {ticker}: how leveraged is it?",
    "For my client, {name}, show {ticker} cash flow since 2019",
    "Email to {name}: operating margin of {ticker}, five years",
    "{name} has an IRA with {ticker}. Payout ratio?",
    "My name is {name}, what was {ticker} revenue in 2024?",
    "{name} retires next year and owns {ticker}; summarise the risks",
    "On behalf of {name}: did {ticker} buy back stock?",
    "The beneficiary is {name}. Net income of {ticker}?",
)

# By kind: what is planted, and the question around it ("@" stands for it).
FORMED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "EMAIL": (
        ("jane.roe@mail.example", "j_smith+ira@x.co.uk", "o.petrova@firm-advisors.example", "a@b.io"),
        ("Send it to @: what was {ticker} revenue?", "@ asks about {ticker}", "{ticker} margin (cc @)"),
    ),
    "PHONE": (
        ("(212) 555-0147", "415-555-0132", "+1 646 555 0199", "+44 20 7946 0958"),
        ("Call @ about {ticker} earnings", "Her phone is @. What did {ticker} earn?", "Tel: @ – {ticker} debt?"),
    ),
    "TAX_ID": (
        ("123-45-6789", "078-05-1120", "219 09 9999"),
        ("SSN @, how did {ticker} do in 2024?", "Client with SSN @ holds {ticker}", "His social security number is @; {ticker} dividend?"),
    ),
    "ACCOUNT": (
        ("8834-2291-77", "Z12345678", "4471920385"),
        ("Account number @ holds {ticker}: revenue?", "acct @ and {ticker} margins", "In brokerage account no. @, is {ticker} the largest?"),
    ),
    "CARD": (
        ("4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005"),
        ("Paid by card @; what did {ticker} earn?", "@ is her visa, and {ticker} revenue?"),
    ),
    "IBAN": (
        ("DE89370400440532013000", "GB82 WEST 1234 5698 7654 32"),
        ("Wire to @ – what is {ticker} debt?", "IBAN @, then {ticker} cash flow"),
    ),
    "ADDRESS": (
        ("12 Elm Street, Springfield, IL 62701", "450 W 42nd St Apt 9B, New York, NY 10036", "P.O. Box 118, Austin, TX 78701"),
        ("She lives at @. How is {ticker} doing?", "Mail {ticker} figures to @"),
    ),
    "BIRTH_DATE": (
        ("03/14/1951", "July 4, 1962", "1958-11-02"),
        ("DOB @, retired: is {ticker} payout covered?", "born on @, holds {ticker}. Risks?"),
    ),
    "PASSPORT": (("C03005988", "531234567"), ("passport no. @ – {ticker} revenue?",)),
    "LICENSE": (("D1234567", "S530-4609-0012"), ("driver's license @, and {ticker} growth?",)),
    "SECRET": (("sk-ant-api03-Zx9Qw8Er7Ty6Ui5Op4As3Df2", "Bearer eyJhbGciOiJIUzI1NiJ9.e30.abc123def456"), ("My key is @, what is {ticker} revenue?",)),
    "IP": (("10.20.30.41", "8.8.4.4"), ("From @: {ticker} margin",)),
}  # fmt: skip

CLEAN = (
    "What was {ticker}'s revenue last year?", "How has the gross margin of {ticker} moved over five years?",
    "Compare {ticker} and MSFT on free cash flow", "What did the {ticker} 10-K say about China?",
    "Revenue was $383,285 million in 2023 and $394,328 million in 2022: what changed at {ticker}?",
    "How many shares did {ticker} buy back in Q2 2024 at an average price of $187.42?",
    "{ticker} operating income, fiscal 2019 to 2024, in USD millions", "Is {ticker} below its 5-year average P/E of 24.6?",
    "Accession 0000320193-24-000123: net income of {ticker}?", "What are {ticker}'s debt maturities between 2025 and 2029?",
    "Segment revenue of {ticker} for the quarter ended June 29, 2024", "Did {ticker} meet its guidance of 4.5% to 5.5%?",
    "What is {ticker}'s exposure to interest rates in Item 7A?", "Show {ticker} EPS: 6.13, 6.08, 5.61?",
    "Which risks did {ticker} add to Item 1A in its filing of 2024-11-01?", "Effective tax rate of {ticker} under ASC 740",
)  # fmt: skip
# Names of the public sort: a question about a company, or whom the whole world knows.
PUBLIC = (
    "What did Tim Cook say about services revenue?", "How did revenue change since Satya Nadella took over at Microsoft?",
    "Did Jamie Dimon mention credit losses in the letter?", "What does Johnson & Johnson say about talc?",
    "Compare Charles Schwab and Morgan Stanley on net interest margin", "Is John Deere's backlog growing?",
    "Eli Lilly revenue from Mounjaro", "What is Ford's debt compared with General Motors?", "How big is Raymond James' bank segment?",
    "JPMorgan Chase CET1 ratio", "Did Estee Lauder cut its dividend?", "What did Mary Barra say about EV margins?",
    "Wells Fargo asset cap and its growth", "Arthur J. Gallagher organic growth", "Warner Bros Discovery leverage",
    "Sherwin-Williams gross margin since 2019", "What does Martin Marietta expect for aggregates?", "Ralph Lauren sales in Asia",
    "What did Lisa Su say about data center revenue?", "T. Rowe Price fee income", "Philip Morris smoke-free share of revenue",
    "What did the CEO Jensen Huang say about supply?", "Harley-Davidson shipments in 2023", "Dow Jones or S&P 500: which one is F in?",
)  # fmt: skip


@dataclass(frozen=True)
class Planted:
    """``values``: what must not stay in ``text``; ``kind``: what it is."""

    text: str
    kind: str
    values: tuple[str, ...]


def planted() -> Iterator[Planted]:
    """Each name in several sentences, each other kind in each of its own."""
    tickers = cycle(TICKERS)
    for at, name in enumerate(PEOPLE):
        for step in range(6):
            sentence = NAMED[(at * 3 + step * 4) % len(NAMED)]
            last = name.split()[-1]
            text = sentence.format(name=name, last=last, ticker=next(tickers))
            yield Planted(text, "PERSON", (name,) if name in text else (last,))
    for kind, (values, sentences) in FORMED.items():
        for value in values:
            for sentence in sentences:
                text = sentence.replace("{ticker}", next(tickers)).replace("@", value)
                yield Planted(text, kind, (value,))


def clean() -> list[str]:
    asked = [sentence.replace("{ticker}", one) for sentence in CLEAN for one in TICKERS]
    return [*asked, *PUBLIC]
