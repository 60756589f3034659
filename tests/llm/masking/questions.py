"""What advisors ask: without personal data, and with some planted."""

from __future__ import annotations

CLEAN = """
What was Apple's revenue in fiscal 2024?
How did NVDA's gross margin change from Q3 FY2023 to Q3 FY2024?
Compare Microsoft and Alphabet on operating margin over the last five years.
Is JPMorgan Chase's CET1 ratio above the 12.5% requirement?
Why did Boeing's free cash flow turn negative in 2024?
Show Berkshire Hathaway's cash pile as of September 30, 2024.
What did Johnson & Johnson say about talc litigation in its 10-K?
Summarize the risk factors in Tesla's 10-K filed 2024-01-29.
How many shares did Meta buy back in Q2, and at what average price?
Has Procter & Gamble raised its dividend every year since 1957?
What is Walmart's same-store sales growth versus Target's?
Which accession number has Apple's 10-K: 0000320193-24-000123?
The CIK is 0000320193; what did the company report for net income?
Does Morgan Stanley earn more from wealth management than Goldman Sachs?
Is Charles Schwab's net interest margin recovering?
How leveraged is Ford compared with General Motors?
What portion of Eli Lilly's revenue comes from Mounjaro and Zepbound?
Explain the 18.4% drop in Starbucks' operating income.
What was free cash flow per share for ABBV in 2023, in USD?
Revenue was $383,285 million in 2023 and $394,328 million in 2022. What is the decline in percent?
Calculate EV/EBITDA for COST if net debt is -$5.2bn and EBITDA is $11.0bn.
Which of KO and PEP has the higher payout ratio?
What guidance did Home Depot give for fiscal 2025 comparable sales?
How exposed is Caterpillar to China?
Did Netflix add 13.1 million or 18.9 million subscribers in Q4 2024?
What is Exxon Mobil's breakeven oil price?
How did Wells Fargo's asset cap affect its growth?
Give me the debt maturities of AT&T between 2025 and 2029.
What does UnitedHealth say about its medical care ratio of 85.5%?
Is Verizon's dividend of $2.66 a share covered by free cash flow?
What are Coca-Cola's organic growth and currency headwinds?
Compare Marsh McLennan with Arthur J. Gallagher and Brown & Brown.
Did Martin Marietta buy back stock in the second quarter?
How big is Raymond James' bank segment?
What did Edwards Lifesciences guide for TAVR growth?
Is Stanley Black & Decker's gross margin above 30% again?
What is the outlook for Estée Lauder in Asia travel retail?
How much did Harley-Davidson ship in North America?
Is Keurig Dr Pepper gaining share?
What did Henry Schein say about the cyber incident?
Which 10-Q lists the goodwill impairment of $2,400,000,000?
What did the Federal Reserve's rate cut in September 2024 do to bank margins?
Is the S&P 500 trading above its 10-year average P/E of 18.1x?
How did the Russell 2000 do versus the Dow Jones in H1 2024?
What was TSLA's closing price on 12/31/2023?
Show diluted EPS: 6.13 (2023), 6.11 (2022), 5.61 (2021).
My client holds 3,000 AAPL and asks whether the dividend is safe.
A client wants income: is Realty Income's payout covered by AFFO?
Does the 401(k) business matter for Principal Financial?
Explain the difference between a Roth IRA and a traditional IRA.
What share of Amazon's operating income comes from AWS?
How would a 100 basis point move change Bank of America's net interest income?
Draft talking points on Pfizer for a conservative portfolio.
What did management say about AI capex on the earnings call?
Does Philip Morris International report smoke-free revenue by region?
What is Thermo Fisher's organic growth target of 7-9% based on?
Summarize item 7 of the 10-K for fiscal year 2023, pages 32-47.
Did Simon Property Group's FFO per share beat the $12.51 estimate?
Which sectors did best from 2020-2024?
Compare T. Rowe Price, Franklin Templeton and BlackRock by assets under management.
Is Dollar General losing customers to Dollar Tree?
What is Lockheed Martin's backlog and how much of it is the F-35?
Was Jack Henry's revenue growth of 7.2% organic?
Commission file number 001-36743, period ended September 28, 2024: what were total assets?
How did Robert Half and ManpowerGroup fare in Europe?
CUSIP 037833100, ISIN US0378331005: which stock is it and what is its yield?
What would a 25% tariff do to Nike's gross margin by May 2025?
Will Deere cut its outlook in August?
Which analysts on Wall Street expect AMD above $200?
Does Intel's foundry lose more than $5,000,000,000 a year?
How do Kimberly-Clark and Colgate-Palmolive hedge pulp and resin?
Break down Walt Disney's segment margins for the three months ended June 29, 2024.
What are the top 10 holdings of Berkshire Hathaway by market value?
By 2024 State Street Corporation managed $4,100 billion; is that up 11% from 2023?
Are there going concern doubts in the 8-K of 15 March 2024?
How much did Palantir's U.S. commercial revenue grow?
Is Rivian burning less cash than Lucid?
Compare Snowflake, Datadog and MongoDB on NRR.
What is Moderna's pipeline after 2025?
Did Chipotle raise prices 4%?
Why is Carvana's gross profit per unit $7,196?
Explain Spirit Airlines' Chapter 11.
Was Hershey hit by cocoa prices?
Compare Prologis and Simon Property on occupancy.
How does Progressive's combined ratio of 88.8 compare with Allstate and Travelers?
Is Enphase cheaper than First Solar?
What are Blackstone's fee-related earnings?
Does Victoria's Secret have more stores than Abercrombie & Fitch?
How is Dick's Sporting Goods doing against Academy Sports?
What did Lululemon say about the Americas?
Give the capex of Duke Energy, Southern Company and Dominion.
How did Marriott's RevPAR compare to Hilton's?
Did Darden buy Chuy's?
What's in Virginia's data center tax exemption for Equinix?
How big is Jackson Financial's RBC ratio?
Is Aon or Willis Towers Watson growing faster?
What did McCormick say on tariffs?
What's Lamb Weston's volume in North America?
Does Oscar Health make money?
Did Wayfair or Williams-Sonoma gain share?
How did Robinhood's crypto revenue of $358 million compare?
What is Jefferies' trading revenue?
Compare Kroger with Albertsons.
Which analysts cover Toll Brothers?
Is Parker-Hannifin's aerospace backlog growing?
Does Crane NXT pay a dividend?
How do Warner Bros. Discovery and Paramount compare in streaming?
What did Tyson Foods say about beef margins?
How is Otis doing in China?
Is Emerson spinning off anything?
What's the NAV of Main Street Capital?
Show Hess Midstream's distribution.
Summarise Constellation Energy's deal with Calpine.
What did Cummins recall?
""".strip().splitlines()

# A question, and what of it must not leave.
PLANTED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("My client John Smith, SSN 123-45-6789, acct 8834-2291-77, john@x.com, +1 (212) 555-0175 holds 3,000 AAPL at 12 Elm Street, Springfield",
     ("John", "Smith", "123-45-6789", "8834-2291-77", "john@x.com", "555-0175", "12 Elm", "Springfield")),
    ("Mrs. Abernathy asks if KO's dividend is safe.", ("Abernathy",)),
    ("Is PFE right for Dr. Venkataraman?", ("Venkataraman",)),
    ("Client: Nkechi Adeyemi-Olu, risk tolerance low. Suggest defensive stocks.", ("Nkechi", "Adeyemi", "Olu")),
    ("Draft an email to Zoë Müller about her MSFT position.", ("Zoë", "Müller")),
    ("François Lefèvre and his wife Margaux own 400 LVMH shares.", ("François", "Lefèvre", "Margaux")),
    ("The O'Shaughnessy household needs 4% income.", ("O'Shaughnessy",)),
    ("Explain to Mary-Kate O'Connell-Wu why NVDA fell 12%.", ("Mary-Kate", "O'Connell", "Wu")),
    ("my client john smith wants to sell tsla", ("john", "smith")),
    ("CLIENT NAME: JOHN Q. PUBLIC, WANTS BONDS", ("JOHN", "PUBLIC")),
    ("Prepared for: Takahashi Hiro", ("Takahashi", "Hiro")),
    ("Dear Mr. and Mrs. Kowalczyk, Apple's revenue grew 2%.", ("Kowalczyk",)),
    ("Hi Priya, what did Amazon report?", ("Priya",)),
    ("On behalf of Ludwig van den Berg, compare XOM and CVX.", ("Ludwig", "Berg")),
    ("Smith, Jonathan has 500 shares of IBM in his IRA.", ("Smith", "Jonathan")),
    ("J. R. Patterson inherited 2,000 T.", ("Patterson",)),
    ("Bob and Carol Jenkins retire in 2027; is VZ safe?", ("Bob", "Carol", "Jenkins")),
    ("Grant Whitfield asked about his AMD calls.", ("Grant", "Whitfield")),
    ("Will Turner and May Chen want ESG funds.", ("Will Turner", "Turner", "Chen")),
    ("Account of Olumide Bankole: 300 GOOG.", ("Olumide", "Bankole")),
    ("Estate of Harriet Vandersloot: value 900 shares of MRK.", ("Harriet", "Vandersloot")),
    ("The Garcia Family Trust holds PEP; tax lot advice?", ("Garcia",)),
    ("Beneficiary is Xiulan Zhao; what is UPS worth?", ("Xiulan", "Zhao")),
    ("Her husband Thaddeus has CAT shares.", ("Thaddeus",)),
    ("My name is Rosalind Achterberg and I own DIS.", ("Rosalind", "Achterberg")),
    ("Rodriguez's portfolio is 40% tech. Trim?", ("Rodriguez",)),
    ("My client 李伟 holds 200 BABA.", ("李伟",)),
    ("Владимир Соколов asks about GAZP.", ("Владимир", "Соколов")),
    ("Meeting with Sibusiso Ndlovu tomorrow about NEM.", ("Sibusiso", "Ndlovu")),
    ("The Hendersons want to know if JNJ is safe.", ("Henderson",)),
    ("SSN 987-65-4321 for the Form; what is KO's yield?", ("987-65-4321",)),
    ("His social security number is 078051120, buy MSFT.", ("078051120",)),
    ("ssn: 123 45 6789", ("123 45 6789", "6789")),
    ("ITIN 912-71-1234 on the W-7.", ("912-71-1234",)),
    ("Tax ID 12-3456789 of the family LLC.", ("12-3456789",)),
    ("Card 4111 1111 1111 1111 was charged; unrelated, is V cheap?", ("4111 1111", "1111 1111")),
    ("amex 3782-822463-10005 for the fee", ("3782-822463-10005",)),
    ("Wire to IBAN DE89 3704 0044 0532 0130 00 after selling SAP.", ("DE89", "0532")),
    ("iban gb82west12345698765432", ("gb82west12345698765432",)),
    ("Routing number 021000021, account number 1234567890.", ("021000021", "1234567890")),
    ("Account # X12345678 is overweight META.", ("X12345678",)),
    ("Schwab account 4421-8876, sell 100 INTC.", ("4421-8876",)),
    ("The account ending in 4421 holds BAC.", ("4421",)),
    ("Passport no. C03005988, resident of Spain, may she hold US stocks?", ("C03005988",)),
    ("Driver's license D1234567 on file.", ("D1234567",)),
    ("DOB 03/14/1951, so RMDs started; which dividend stocks?", ("03/14/1951", "1951")),
    ("She was born on July 4, 1960 and wants KO.", ("July 4, 1960", "1960")),
    ("date of birth: 1958-11-02", ("1958-11-02",)),
    ("Call 415-555-2671 about NFLX.", ("415-555-2671",)),
    ("cell (312) 555 0199, text me when AMD drops 5%", ("555 0199",)),
    ("phone +44 20 7946 0958; own BP", ("7946",)),
    ("Reach me at 2125550175 regarding ORCL.", ("2125550175",)),
    ("jane.doe+ira@mail.example.co.uk asked about PG", ("jane.doe", "example.co.uk")),
    ("contact roe [at] example [dot] com on WMT", ("roe [at]", "example [dot]")),
    ("Lives at 1600 Pennsylvania Ave NW, Washington, DC 20500; muni bonds?", ("1600", "Pennsylvania", "20500")),
    ("Send to P.O. Box 4411, Tulsa, OK 74101", ("4411", "74101", "Tulsa")),
    ("Moved to 77 5th Avenue Apt 9B, New York, NY 10003.", ("77 5th", "9B", "10003")),
    ("home: 4 rue... no, 221B Baker Street, London", ("221B", "Baker")),
    ("Logged in from 192.168.14.77 to see HD.", ("192.168.14.77",)),
    ("ip 2001:0db8:85a3:0000:0000:8a2e:0370:7334", ("2001:0db8",)),
    ("Wallet 0x52908400098527886E0F7030069857D2E4169EE7 and COIN stock?", ("0x5290",)),
    ("btc 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", ("1BvBMSEY",)),
    ("fetch https://bob:hunter2@vault.example.com/x then explain MSFT", ("hunter2", "vault.example")),
    ("key sk-ant-api03-AbCdEf123456789 fails", ("sk-ant-api03-AbCdEf123456789",)),
    ("Authorization: Bearer abc.def-ghi123456", ("abc.def-ghi123456",)),
    ("my password is Tr0ub4dor&3, what is ADBE's P/E?", ("Tr0ub4dor",)),
    ("api_key=9f8e7d6c5b4a does not work for FactSet", ("9f8e7d6c5b4a",)),
    ("S​SN 123-4​5-6789 hidden by blanks", ("6789",)),
    ("SSN １２３-４５-６７８９ in wide digits", ("１２３", "６７８９")),
    ("Jose\u0301 Garci\u0301a-Lo\u0301pez wants dividends", ("Jose", "Garci", "pez")),
    ("Joint owners: Wojciech & Agnieszka Szymański. Suggest utilities.", ("Wojciech", "Agnieszka", "Szymański")),
    ("Ms. Delacroix-Fontaine's IRA has 90% NVDA.", ("Delacroix", "Fontaine")),
    ("Spoke with Aisha bint Rashid Al Maktoum on gold miners.", ("Aisha", "Rashid", "Maktoum")),
    ("Anthony D'Angelo III turned 73; which REITs pay monthly?", ("Anthony", "D'Angelo")),
    ("Can you check whether Thandiwe Mokoena should rotate out of TSLA?",
     ("Thandiwe", "Mokoena",)),
    ("Bjarne Sigurdsson's 401k is all INTC, thoughts?",
     ("Bjarne", "Sigurdsson",)),
    ("Prep notes for my 3pm with the Papadimitriou family re dividend stocks",
     ("Papadimitriou",)),
    ("Mr Featherstonehaugh thinks NVDA is overvalued.",
     ("Featherstonehaugh",)),
    ("client name - Siobhan Ni Bhriain, aum 2.3m, summarise MSFT",
     ("Siobhan", "Bhriain",)),
    ("Gwendolyn's mother passed; step-up basis on 500 PG?",
     ("Gwendolyn",)),
    ("Tell Ravi that KO raised its dividend",
     ("Ravi",)),
    ("we manage money for Dr Anneliese Hofstadter and she asked about LLY",
     ("Anneliese", "Hofstadter",)),
    ("Harold P. Witherspoon Jr. has concentrated XOM",
     ("Harold", "Witherspoon",)),
    ("SSN is 123456789",
     ("123456789",)),
    ("social 123-45-6789",
     ("123-45-6789",)),
    ("acct: 99-8812-04",
     ("99-8812-04",)),
    ("Account 7781 2290 41 shows a loss in DIS",
     ("7781 2290 41",)),
    ("IRA #55012388 at Fidelity",
     ("55012388",)),
    ("call Mei-Ling on 650.555.0142",
     ("Mei", "650.555.0142",)),
    ("Her email's mwright99@gmail.com",
     ("mwright99",)),
    ("lives on 4500 Old Mill Rd, Apt 3, Boise ID",
     ("4500", "Old Mill", "Boise",)),
    ("He was born 5/6/48.",
     ("5/6/48",)),
    ("Client is 72, lives at 9 Chestnut Ct., wants bonds",
     ("9 Chestnut",)),
    ("Forward this to t.nguyen@wealth.example",
     ("t.nguyen",)),
    ("Discussed with Marguerite and Étienne Beauchamp: they own BRK.B",
     ("Marguerite", "Étienne", "Beauchamp",)),
    ("Trust of Evangeline Prudhomme holds 1,200 MCD",
     ("Evangeline", "Prudhomme",)),
    ("Sergei Volkov and Natasha Volkova, joint acct 4456 7781",
     ("Volkov", "Natasha", "4456 7781",)),
    ("my client's name is Tariq al-Fayed",
     ("Tariq", "Fayed",)),
    ("Ask: does Yolanda Whitcombe-Pratt qualify? also AAPL revenue",
     ("Yolanda", "Whitcombe",)),
    ("Visa ending 8841 declined",
     ("8841",)),
    ("EIN 84-1234567 for the Larkspur Trust",
     ("84-1234567",)),
    ("DL: CA F1234567",
     ("F1234567",)),
    ("passport # 512345678",
     ("512345678",)),
    ("Rhiannon sold 40 AMZN",
     ("Rhiannon",)),
    ("Quentin's RMD is due; sell CVX?",
     ("Quentin",)),
    ("Uche Eze is nervous about META",
     ("Uche", "Eze",)),
    ("Shall I move Ms. Tran into VZ?",
     ("Tran",)),
    ("Jürgen Weiß fragt nach SAP",
     ("Jürgen", "Weiß",)),
    ("Hey team, the Castellanos want out of GE",
     ("Castellanos",)),
    ("From: Philippa Haverford\nTo: desk\nIs BA safe?",
     ("Philippa", "Haverford",)),
    ("Zbigniew holds MO and PM",
     ("Zbigniew",)),
    ("Ngozi Okonjo inherited ABT",
     ("Ngozi", "Okonjo",)),
    ("routing 121000248 acct 000123456789",
     ("121000248", "000123456789",)),
    ("Draft a note for Mrs Oyelaran on why UNH dropped.",
     ("Oyelaran",)),
    ("Isidro Benavente has 900 CSCO and hates volatility",
     ("Isidro", "Benavente",)),
    ("Would PG suit Imogen Featherstone, aged 81?",
     ("Imogen", "Featherstone",)),
    ("Client Kazimierz wants out of bonds.",
     ("Kazimierz",)),
    ("The Abdelrahman portfolio is too heavy in AVGO.",
     ("Abdelrahman",)),
    ("Theodora's tax bill on selling GOOGL?",
     ("Theodora",)),
    ("call notes: Lachlan prefers dividends over growth",
     ("Lachlan",)),
    ("for client Nwachukwu, compare T and VZ",
     ("Nwachukwu",)),
    ("Fatoumata Diallo is retiring in June, is SCHD ok?",
     ("Fatoumata", "Diallo",)),
    ("re: Pemberton account, sell half the ORCL",
     ("Pemberton",)),
    ("My cousin Dashiell bought RIVN at $90",
     ("Dashiell",)),
    ("Does Annabeth Cho-Riley's charitable trust own BLK?",
     ("Annabeth", "Cho-Riley",)),
    ("acct no 5567-1123-9 / ssn 219-09-9999 / dob 1/2/1950",
     ("5567-1123-9", "219-09-9999", "1/2/1950",)),
    ("wire 250k to account 334455667788, routing 026009593",
     ("334455667788", "026009593",)),
    ("text him at (917) 555 0133 or at ed.ruiz@corp.example",
     ("555 0133", "ed.ruiz",)),
    ("house at 18 Larkspur Lane, Westport, CT 06880 to be sold",
     ("18 Larkspur", "06880",)),
    ("what did I tell Bartosz about META?",
     ("Bartosz",)),
    ("Sunniva Lindqvist & her sister Ragnhild split 4,000 XOM",
     ("Sunniva", "Lindqvist", "Ragnhild",)),
)  # fmt: skip
