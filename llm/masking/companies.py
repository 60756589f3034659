"""Companies whose names look like somebody's, or that people say by one word. Lower case.

For callers that pass no ``allow``, and for companies outside their list. A name of one word counts
only with a capital, and not behind a first name: "Ford" is the company, "John Ford" isn't.
"""

from __future__ import annotations

_NAMES = """
a. o. smith, aflac, alexandria real estate, allison transmission, allstate, alphabet, altria, amazon, amd, american express, amgen, amy's kitchen
ann taylor, anthropic, apollo, apple, applied materials, archer daniels, archer daniels midland, arm, arthur andersen, arthur j. gallagher, arthur j gallagher
aurora cannabis, aurora innovation, avery dennison, baker hughes, bank of america, barclays, bath & body works, baxter, becton dickinson, bed bath, ben & jerry's, benjamin moore, berkshire
berkshire hathaway, best buy, biogen, black & decker, blackrock, blackstone, bloomberg, blue owl, boeing, booz allen, booz allen hamilton, boston scientific, bristol myers, bristol myers squibb
bristol-myers squibb, broadcom, brookfield, brown & brown, brown forman, brown-forman, bumble, burt's bees, calvin klein, campbell's, campbell soup, canada goose, cantor fitzgerald
capital one, cardinal health, carlyle, carnival, carl icahn enterprises, caterpillar, c.h. robinson, charles river, charles river laboratories, charles schwab, charlotte russe, charlotte tilbury, chase
cheesecake factory, chesapeake, chevron, chipotle, chubb, churchill downs, cigna, cisco, citi, citigroup, clarivate, coca-cola, cohen & steers
colgate, colgate-palmolive, comcast, conocophillips, costco, coty, crown castle, cullen frost, cummins, curtiss wright, curtiss-wright, cvs, d.r. horton, danaher, darden, dave & buster's
deere, dell, delta, denny's, dick's, dillard's, disney, dollar general, dolly varden, douglas emmett, dr pepper, dr. martens, dr. reddy's, duke energy, dun & bradstreet, dunkin
e. w. scripps, e.w. scripps, ea, ebay, ecolab, eddie bauer, edward jones, edwards lifesciences, edwards, eli lilly, elizabeth arden, emerson, ernst & young, estee lauder, ethan allen, evercore, exelon, exxon
exxon mobil, exxonmobil, facebook, fair isaac, fannie mae, fedex, fidelity, fisher price, fisher investments, fiserv, ford, ford motor, fox, frank russell, franklin resources, franklin templeton, fred meyer, freddie mac, garmin, garrett motion
ge, general dynamics, general electric, general mills, general motors, george weston, gilead, gm, goldman, goldman sachs, goodrich, google, grant thornton, graham, grubhub, guggenheim
h.b. fuller, h&r block, halliburton, hamilton beach, hamilton lane, hancock whitney, harley-davidson, harris teeter, hasbro, helen of troy, helmerich & payne, henry schein, herman miller, hershey, hess
hewlett packard, hewlett-packard, hilton, home depot, honda, honeywell, houghton mifflin, houlihan lokey, howard hughes, howard johnson, hugo boss, humana, humphrey, huntington, hyatt, ibm, intel, intuit
invesco, j. crew, j. m. smucker, j.m. smucker, jm smucker, jack henry, jack daniel's, jack in the box, jackson hewitt, jackson hole, jacobs solutions, james hardie, janus henderson, j.b. hunt, jb hunt, jc penney, j.c. penney, jefferies
jim beam, jimmy choo, jimmy john's, john deere, john bean, john hancock, john marshall bancorp, john wiley, john wiley & sons, johnson & johnson, johnson controls, johnson matthey, jones lang lasalle, joann, joe's crab shack, jp morgan, j.p. morgan, jpmorgan
jpmorgan chase, jp morgan chase, kate spade, kb home, keefe bruyette, kellogg, kelly services, kennedy wilson, kennedy-wilson, kenvue, keurig dr pepper, kimberly clark, kimberly-clark, kinder morgan, kkr, kohl's, kohlberg kravis roberts, kraft, kraft heinz, krispy kreme, kroger, kyndryl
l3harris, lamar advertising, lamb weston, lazard, leonardo drs, lennar, levi's, levi strauss, lilly, liz claiborne, lockheed, lockheed martin, lord abbett, l'oreal, lowe's, lucid, lululemon
lyft, macy's, manpower, marathon, marcus & millichap, marriott, marsh mclennan, marsh & mclennan, martha stewart living, martin marietta, mary kay, mastercard, mattel, mccormick, mcdonald's, mcdonalds, mckesson, mckinsey, medtronic
merck, merrill, merrill lynch, meta, michael kors, michaels, micron, microsoft, miller value, mizuho, moderna, moelis, mohawk, molson coors, mondelez, monster, moody's, morgan stanley, morningstar, motorola, mr. cooper, mrs. fields
murphy oil, murphy usa, nathan's famous, nelson peltz's trian, nestle, netflix, newell, newmont, nike, nordstrom, norfolk southern, northern trust, northrop, northrop grumman, novartis, nucor, nvidia, ollie's, openai, oracle, oscar health, oscar mayer
otis, palantir, palo alto, papa john's, papa johns, parker hannifin, parker-hannifin, paul weiss, paypal, peloton, pepsi, pepsico, peter lynch, pfizer, philip morris, phillips 66, phillips, piper sandler, pitney bowes
procter, procter & gamble, prudential, public storage, purdue pharma, qualcomm, quest, ralph lauren, ray-ban, raymond james, raytheon, reddit, regeneron, rex american, rio tinto, rite aid, rivian
robert half, robert w. baird, robinhood, rocket lab, roku, rolls-royce, ross stores, royal caribbean, russell, russell investments, ruth's chris, ryan specialty, salesforce, sally beauty, sam adams, sam's club, samsung, sandy spring, sara lee, schlumberger
schwab, scotts miracle-gro, scott's miracle-gro, sears, shell, sherwin williams, sherwin-williams, simon, simon property, skechers, slack, smith & wesson, smith & nephew, smith barney, snap, snowflake, sonic, sotheby's, southern, spotify, square, squibb
st joe, st. joe, standard chartered, stanley black & decker, stanley black, starbucks, state street, steve madden, steven madden, stewart information, stifel, stitch fix, stryker, synopsys, sysco, t. rowe, t. rowe price, t rowe price, taco bell, taiwan semi, tapestry, target
ted baker, teradyne, tesla, texas instruments, thermo fisher, thomson reuters, tiffany, tim hortons, tj maxx, t.j. maxx, toll brothers, tommy bahama, tommy hilfiger, tootsie roll, toyota, tractor supply, trader joe's, travelers, travis perkins, trian, tyler technologies
tyson, tyson foods, uber, ulta, under armour, unilever, union pacific, united rentals, valero, vanguard, verizon, vera bradley, victoria's secret, victory capital, virgin galactic, visa, vulcan, w. p. carey, w.p. carey, w. r. berkley
w.r. berkley, walgreens, walker & dunlop, walmart, walt disney, walton, warby parker, warner, warner bros, warner bros discovery, warner music, waste management, wayfair, webster, wells fargo, wells, wendy's, west pharmaceutical, western digital, western union, weyerhaeuser
whirlpool, white castle, whole foods, william blair, williams companies, williams sonoma, williams-sonoma, willis towers, willis towers watson, wolfe research, woodward, workday, wynn, xerox, yeti, yum, zimmer biomet, zoetis, zoom, zillow
jordan brand, air jordan, alexa, siri, claude, gemini, watson, cortana, tim s.a, sao paulo, san jose, san francisco, san diego, san antonio, los angeles, new york, salt lake city, st. louis, st louis, washington post, wall street journal, madison square garden, madison avenue
lehman brothers, bear stearns, long-term capital, credit suisse, credit agricole, societe generale, deutsche bank, bnp paribas, itau unibanco, america movil, grupo mexico, moet hennessy, lvmh, novo nordisk, nestle purina, hermes, telefonica, munich re
sarbanes oxley, sarbanes-oxley, dodd frank, dodd-frank, glass steagall, taft hartley, taft-hartley, hart scott rodino, hart-scott-rodino, robinson patman, clayton act, sherman act, black scholes, black-scholes, monte carlo, altman z, sharpe ratio, jensen's alpha, gordon growth, dow jones, russell 2000, russell 1000
fama french, fama-french, modigliani miller, dupont, charles de gaulle, john f. kennedy international, jane street, susquehanna, citadel, bridgewater, two sigma, d. e. shaw, d.e. shaw, elliott management, pershing square, third point, starboard value, carl's jr
"""
COMPANY_NAMES = frozenset(
    filter(None, (name.strip() for name in _NAMES.replace("\n", ",").split(",")))
)
