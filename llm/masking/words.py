"""Words by which a name of somebody is told from a name of something. All lower case."""

from __future__ import annotations

# What a company's name goes on with: "Charles River Laboratories", "Walker & Dunlop, Inc.".
COMPANY = frozenset(
    """
ab acquisition ads advisors aerospace ag air airlines airways asset assurance auto automotive bancorp bancorporation
bancshares bank bankshares beverage beverages bio biopharma biosciences biotech biotherapeutics brands brewing bros
brothers brokerage building burger cable capital cement chemical chemicals chocolate clothing co coffee commerce
communications community companies company computer construction containers controls copper corp corporation credit
data dental depot design devices diagnostics digital distributors donuts e-commerce education electric electrical
electronics energy engineering enterprise enterprises entertainment equipment equity estate exchange exploration
express farm farms fargo fashion federal fidelity finance financial financials fitness foods freight fund funding funds
furniture gaming garden gas genetics global gold group hardware health healthcare holding holdings home homes hospital
hotel hotels inc incorporated industrial industries infrastructure instrument instruments insurance interactive
international investment investments investors jewelers kgaa lab laboratories laboratory labs land leasing life
limited lines lithium llc llp lodging logistics lp ltd machinery machines management manufacturing marine maritime market
markets materials media medical medicines metals midstream mines mining mortgage motor motors mutual natural networks
nv oil oncology online outdoor outfitters packaging paper partners payments petroleum pharma pharmaceutical
pharmaceuticals physics pipeline pizza plc power precision products properties property publishing railroad railway
real realty refining reit renewables research reserve resorts resource resources restaurant restaurants retail robotics
royalty sa savings school sciences scientific se securities security semiconductor semiconductors services
shipping shoes silver software solar solutions space spa sports stainless steel stock store stores studios supply
surgical systems technologies technology telecom telephone therapeutics tire tobacco tool tools trading transport
transportation travel truck trucking trust united university utilities utility vaccines ventures vision warehouse
waste water wellness wind wines wireless works worldwide yards
""".split()
)

# What begins a sentence or stands in a title, and is nobody's name.
COMMON = frozenset(
    """
a about above according account accounts action add advise after again against age all also although always am an
analyst analysts analyze and annual annually another any are around article as ask asks asked assume assuming at average
balance based be because been before below beta between board both bought briefly bull bear but buy buying by calculate
call can capex cash ceo cfo chair chairman chairwoman change check chief client clients coo compare compared
consensus consider could coverage cto current currently customer customers date day days dear debt december deal
describe did discuss dividend dividends do does doing down draft due during each earnings ebitda either email emails
emailed eps etf etfs equities estimate estimates ever every exhibit explain february few figure figures filing
filings find fiscal first five for forecast form four fourth free friday from fully fy gaap generate get give given
going good got government gross growth guidance had half has have he hello help her here hers hi high higher
highlight his hold holding how however i if impact in include including income index interest into is issue it item
its january july june just keep key know last latest less let like list long look low lower made make management many march
margin margins market may me mean meeting memo mention might million billion mine monday month monthly more most
much must my name named names near need needs net new next no non nor not note notes november now number october of off office
officer on once one only open operating operations or other our out outlook outstanding over overall own owns owned part
partner pay payout pe per percent period plan please portfolio position possible preferred prepare present president previous price
prior profit provide public put q1 q2 q3 q4 quarter quarterly question quick quote rate rating ratio re
recommend recently regards report reported reports respond return revenue revenues review risk risks roth said sale sales same
saturday say says sec second section secretary sector see sell selling send senior september segment segments seven share shareholder
shareholders shares she short should show shown since six so sold some spouse standard state stock stocks subject such
sum summarise summarize summary sunday table take tax tell ten than thank thanks that the their them then there these
they third this those three through thursday till title to today told top total toward trailing treasury trend
tuesday two under unit units until up update upon us use used value versus very via vice view vs want wants was wednesday we
week weekly weight well were what when where whether which while who whose why will with within without worth would write wrote
year years yes yesterday yet yield yoy you your yours
congress fed fomc irs ira nasdaq nyse dow russell sp usd eur gbp cusip isin cik sic ifrs fasb finra fdic esg ai gpu cpu api
etc inc corp ceos cfos ytd ttm ltm roa roic wacc dcf fcf arr mrr sga rnd cogs opex ipo spac reit reits adr
american america americas africa asia asian australia brazil britain british california canada canadian chicago china chinese
colorado dutch east eastern england english euro europe european florida france french german germany
greece hong hungary illinois india indian indonesia ireland irish israel israeli italian italy japan japanese jersey kong korea
korean latin mexican mexico michigan middle nevada north northern ohio oregon pacific pennsylvania russia russian
south southern spain spanish swiss switzerland taiwan thai thailand ukraine vietnam west western wisconsin
inflation recession treasuries bond bonds currency crypto bitcoin ethereum commodity commodities rates
mr mrs ms mx dr prof messrs miss best sincerely cheers attn cc bcc fwd subject confidential jan feb mar apr jun jul aug sep sept oct nov dec mon tue thu fri
accrued audit committee commission compensation benefit benefits incentive periodic restricted estimated useful weighted-average
evaluate assess analyse break walk model project rank identify outline plot graph chart using given examine investigate determine
comment predict quantify discuss pull list define suppose say team all everyone folks sir madam there regarding league park
""".split()
)

# Who it is that is spoken of: a name follows ("my client Jane Roe", "account holder: Jane Roe").
ROLES = (
    r"clients?|customer|household|prospect|account ?holder|account owner|joint owner|policy ?holder|beneficiary"
    r"|contingent beneficiary|trustee|grantor|settlor|executor|decedent|guarantor|spouse|wife|husband|partner|fianc[e]e?"
    r"|son|daughter|mother|father|mom|dad|brother|sister|aunt|uncle|cousin|nephew|niece|grandson|granddaughter"
    r"|grandmother|grandfather|widow|widower|ex-wife|ex-husband|stepson|stepdaughter|mother-in-law|father-in-law"
    r"|retiree|advisee|insured|full name|first name|last name|surname|middle name|maiden name"
    r"|(?:clients|customers|joint owners?|owners|account ?holders|beneficiaries|trustees|spouses|parents|children|kids|sons|daughters"
    r"|siblings|grandchildren|executors|members|attendees|participants|heirs)(?=[ \t]?:)"
    r"|client name|name of client|customer name|legal name|name|named|nee"
)
# A name follows only after one of these, and not in every sentence.
OPENINGS = (
    r"my name is|name is|i am|i'm|this is|these are|on behalf of|account (?:of|for|holder)|accounts? in the name of"
    r"|portfolio (?:of|for)|holdings (?:of|for)|prepared for|proposal for|plan for|letter to|email to|e-mail to|email from"
    r"|note to|memo to|message from|call with|meeting with|met with|spoke (?:to|with)|talked (?:to|with)|heard from"
    r"|tell|told|remind|inform|explain to|explained to|send(?: to)?|sent(?: to)?|write to|wrote to|writing to|visit with|lunch with|referred by|introduced by|dear|hello|hi|hey|attn|attention|sincerely|regards|yours truly|thanks|cheers|signed"
    r"|from|to|cc|bcc|estate of|trust of|trust for|benefit of|fbo|f/b/o|c/o|care of|belongs? to|belonging to|owned by|held by"
)
TITLES = (
    r"Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Rev|Reverend|Fr|Father|Sister|Rabbi|Imam|Hon|Sir|Dame|Madam|Lord|Lady|Herr|Frau"
    r"|Se[n]or|Se[n]ora|Sra|Monsieur|Madame|Mme|Mlle|MR|MRS|DR|Capt|Captain|Sgt|Sergeant|Lt|Major|Colonel|Judge"
    r"|mr|mrs|dr"
)
# Surnames that are words first: only a first name, an initial or a title makes them one.
WEAK_SURNAMES = frozenset(
    """
banks best black bond bridges brooks burns bush butler case cash cherry church cline cobb cook cooper crane cross curry
daniels day dean dennis downs english fields flowers fox frank franklin frost gates gay george glass gold golden good grant
gray green grimes hall hardy hill holden holland hood hooper horn house houston hunt hunter jordan keys king knight lamb
lane law lin little long love low mack mann march marks marsh mason may mays meadows mercer mercado miles mills monroe moody moon moss
neal noble norman norris north page park parker parks patrick pace paul pierce poole pope potter potts powers price
prince proctor public ray reed reese reeves rich richmond riley rivers roach rocha rose rosario roman ross rush salas
savage sharp shields short silva simon small snow solis spears spence stark steele stone stout strong summers sutton
terry thomas underwood valencia valentine villa wade walker wall walls ward ware warner warren washington waters
weeks wells west wheeler white wise wolf wood woods york young son li le
""".split()
)

# Only people do these, or have them.
PERSONAL_ACTS = (
    r"(?:is|was|are|feels|seems|sounds|got) (?:very |quite |so |a bit |rather )?(?:nervous|anxious|worried|concerned|upset|unhappy|happy|afraid"
    r"|scared|elderly|divorced|widowed|disabled|single|retired|conservative|risk.averse|our client|my client)"
    r"|(?:should|could|can|would|must|may|might|to) (?:rotate|trim|diversify|rebalance|roll over|convert|retire|qualify|switch|inherit|downsize"
    r"|sell (?:his|her|their)|keep (?:his|her|their)|move (?:his|her|their))|"
    r"wants?|wanted|wishes|asks?|asked|is asking|was asking|is worried|worries|worried|is concerned|retires?|retired|is retiring"
    r"|inherits?|inherited|turns? \d\d|turned \d\d|is \d\d\b|was born|lives|lived|moved|passed away|died|got married|divorced"
    r"|is married|married|emailed|e-mailed|called|phoned|texted|wrote to|wrote me|told me|told us|would like|likes|prefers|needs"
    r"|is looking|is interested|thinks|feels|hopes|plans to|has been a client|is a client|is my|is our|is a retired|and (?:his|her) (?:wife|husband|spouse)"
    r"|works? (?:at|for)|has an? (?:account|ira|roth|portfolio|balance|position|net worth)|lost (?:his|her)|'s (?:wife|husband|spouse|son|daughter|mother|father)"
)
# Those that no firm does: one unlisted name before them will do.
PERSON_ALONE = (
    r"prefers|hates|loves|is retiring|retires|inherited|passed away|was born|lives (?:in|at|on|with)|got (?:married|divorced)|is (?:married|divorced)"
    r"|e-?mailed (?:me|us|about)|phoned|texted|turns \d\d\b|turned \d\d\b|is \d\d(?: years old|,|\.|$)|'s (?:wife|husband|spouse|kids|son|daughter|mother|father|widow)"
    r"|,? (?:aged?|age:) \d\d\b|\(\d\d\)"
)
# Followed by a ticker ("sold 40 AMZN"): what firms do is told in other words.
DEALINGS = r"holds?|owns?|sold|sells|bought|buys|has|inherited|trimmed|added"
PERSONAL_THINGS = (
    r"household|famil(?:y|ies)|iras?|roth|401\(?k\)?|403\(?b\)?|529|brokerage account|joint account|family trust"
    r"|living trust|revocable trust|irrevocable trust|birthday|wife|husband|spouse|kids|children|widow|beneficiary"
    r"|net worth|risk tolerance|date of birth|social security|tax return|home address"
)
# "Smith's account" is somebody's where "Berkshire's portfolio" isn't: a listed surname must own it.
OWNED_THINGS = r"accounts?|retirement|pension|estate|will|portfolio|holdings?|positions?|trust|shares|statement|allocation|wishes|request|question|email|advisor"

PARTICLES = frozenset(
    "van von der den dem af av y los las ben de del della di da dos das du la le el al bin ibn binti ter ten zu st st.".split()
)
SUFFIXES = frozenset("jr jr. sr sr. ii iii iv esq esq. cfa cfp cpa md phd".split())
