"""Words that are also a company's ticker or name, and names that stand in no register. Data."""

from __future__ import annotations

from collections.abc import Mapping

# In lower case, or at the start of a sentence, these are words and no companies.
COMMON = frozenset(
    """
    a accelerant act add aid all ally alto am an and any app apt are arm art as ask at away back
    bad ball bar be best beta big bill bio bit block book booking boot both box brink brinks brown
    bud bull bullish burl but buy by cabot cake call calm can car care cart case cash cat cava
    chef chewy china class coherent coin coke cold common compare comp con cooper copa cor core
    corn cost could country crane crown cube cut dare dash data dave day days deal deck delta den
    did dig dino discover doc dock does dole dover dow down draft dry earn east easy eat edge
    elastic elf else enact end energy enough ensign est ever every expect fast few fig figma
    figure fill find first fit fitb five fix flat flex flow fly for form fort forward four fox
    free freedom frog from front frontdoor frontline gap gas gen general geo get give glacier
    global go gold golf good grab graco graham group grow growth had hal halo has have he health
    her high him his hit hold home hood hope how hubs hum hut i ice icon idea if in inc info
    insp integer into iron is it its jan jazz job joe joy june just keep key keys kind know lad
    land large last late lea lean lear least left legend lemonade let level levi life light like
    linde line lite live loan loar long look lope love low luck luv mac made main major make man
    many mar mara market mas mat match mate material matter max may me mean medline met might
    mind mint moat mod moment money month more morn mos mosaic most move much must my name nation
    near need net never new news next nice no noble none nor northern not note nov nova now odd
    of off oil old on once one only onto open opera or order oscar other our out outlook over owl
    own pac page paid pal pan part past path pay peer pen pep per pet pick pig pin pins plan play
    please plus point pool pop popular post power premium price prim prime pro progress
    progressive project public pump put quarter race range rare rate real rely rent report rest
    result return rig right ring rio riot rise risk road rock rocket role roll rollins roof rook
    root rose rum rumble run safe sail sales salt same say sea seaboard second see self sell set
    share she shell ship shop short should show side sim simple site sky slab slow small snap
    snow so sol sold solid some son sound source south southern spire spot spread stag star start
    state stay step stock stone stop strategy strategies stride strong such sum sun sure take tal
    talk tanger tap target tax team tech tel tell ten term test than that the their them then
    there these they thing third this tho those three time tip to toast today told ton too took
    top toro total trade transit trend trex trip true try turn two u under unit units unum up us
    use used vale value very via vice view viking visa vista vital volume want was wash waste
    water waters wave way wayfair we web well were west wex what when where which while who why
    wide will win wise wit with woodward word work workday world worth would wrong yes yet you
    your zero
    """.split()
) - {"visa"}
# In capitals these are short for something else, or too short to tell.
ABBREVIATIONS = frozenset(
    """
    A AI ALL AM AN ARE AS AT BE BY CAN CEO CFO CPI DO E EBIT EPS ESG EU EV FCF FX FY G GAAP GDP GO
    H I IFRS IP IR IT J K LTM MD N NII NIM NO NOW OF ON OR P PE PM PS Q QOQ R RE RD ROA ROE ROIC S
    SEC SO TO TTM UK UP US USA USD VS WE X Y YOY YTD Z CAGR OCF IPO ETF NAV LLC INC PLC AND THE FOR
    HOW WHY DCF SBC RPO ARR KPI MDA COGS SGA CAPEX OPEX HAS DID WHO ITS ANY OUT NEW ONE OUR
    """.split()
)
NICKNAMES: Mapping[str, str] = {
    "google": "GOOGL", "facebook": "META", "meta": "META", "jp morgan": "JPM", "jpm": "JPM",
    "chase": "JPM", "jpmorgan": "JPM", "bofa": "BAC", "coke": "KO", "pepsi": "PEP", "j&j": "JNJ", "p&g": "PG",
    "amex": "AXP", "lilly": "LLY", "exxon": "XOM", "disney": "DIS", "ford": "F", "gm": "GM",
    "lockheed": "LMT", "raytheon": "RTX", "micron": "MU", "amd": "AMD", "wells": "WFC",
    "goldman": "GS", "home depot": "HD", "mcdonalds": "MCD", "lowes": "LOW", "unitedhealth": "UNH",
    "berkshire": "BRKB", "tsmc": "TSM", "linkedin": "MSFT", "youtube": "GOOGL", "instagram": "META",
    "aws": "AMZN", "union pacific": "UNP", "att": "T", "applied materials": "AMAT",
}  # fmt: skip
