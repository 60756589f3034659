"""Frequent surnames, lower case, no accents: with a first name or an initial they make a person."""

from __future__ import annotations

import re

# How surnames of many languages begin or end, and few other words.
FORM = re.compile(
    r"(?:o'|mc|fitz)[a-z]{3,}"
    r"|[a-z']{3,}(?:sson|stein|berg|baum|feld|witz|wicz|owski|ewski|ovsky|czyk|enko|shvili|poulos|akis|oglu|qvist|strom"
    r"|gren|dottir|ovich|evich|ovic|escu|ucci|ellini|inho|ashvili|mann)"
)
SURNAMES = frozenset(
    """
abbott abdi abdullah abrams acosta adams adebayo adeyemi aguilar aguirre ahmed ahn alexander ali allen alvarado alvarez
anderson andrews aquino archer armstrong arnold arora arroyo ashton atkins atkinson austin avila ayala bailey baker
baldwin ballard banerjee banks barber barker barnes barnett barrett barron bartlett barton bass bates bauer beasley
beck becker bell beltran benitez bennett benson berg berger bergeron bernard berry beaumont bianchi bishop black
blackwell blair blake blanchard blankenship blevins bond booker booth bowen bowers bowman boyd boyle bradford bradley
bradshaw brady brennan brewer bridges briggs brock brooks brown bruce bryan bryant buchanan buck buckley bui burgess
burke burnett burns burton bush butler byrd cabrera cain calderon caldwell calhoun callahan camacho cameron campbell
campos cannon cantu cardenas carey carlson carpenter carr carrillo carroll carson carter case castaneda castillo
castro cervantes chambers chan chandler chang chapman charles chavez chen cheng cherry cho choi christensen chu chung
church clark clarke clay clayton clements cline cobb cochran cohen cole coleman collier collins combs conley connor
conrad contreras conway cook cooper copeland cortes cortez costa cowan cox craig crane crawford cross cruz cuevas
cummings cunningham curry curtis daniel daniels daugherty davenport davidson davies davila davis dawson day dean decker
delacruz deleon delgado dennis desai diaz dickerson dickson dillon dixon doe dominguez donovan dorsey dougherty douglas
downs doyle drake dudley duffy duncan dunlap dunn duran durham dyer eaton edwards ellington elliott ellis ellison
emerson english erickson esparza espinoza estes estrada evans everett farley farmer farrell fernandez ferguson
fernando ferrari fields figueroa finley fischer fisher fitzgerald fitzpatrick fleming fletcher flores flynn foley ford
foster fowler fox francis franco frank franklin frazier frederick freeman french friedman fritz frost fry frye fuentes
fuller gaines gallagher gallegos galloway galvan garcia gardner garner garrett garrison garza gates gay gentry george
gibbs gibson gilbert giles gill gillespie gilmore glass glenn glover goldberg goldstein golden gomez gonzales gonzalez
good goodman goodwin gordon gould graham grant graves gray green greenberg greene greer gregory griffin griffith
grimes gross guerra guerrero gupta gutierrez guzman haas hahn hale haley hall hamilton hammond hampton hancock hanna
hansen hanson hardin harding hardy harmon harper harrell harrington harris harrison hart hartman harvey hassan hawkins
hayden hayes haynes heath hebert henderson hendricks hendrix henry hensley henson herman hernandez herrera herring
hess hester hickman hicks higgins hill hines ho hobbs hodge hodges hoffman hogan holden holland holloway holmes holt
hood hooper hoover hopkins horn horne horton hoang house houston howard howe howell huang hubbard huber hudson huerta
huff huffman hughes hull humphrey hunt hunter hurley hurst hussain hutchinson huynh ibarra ingram iyer jackson jacobs
jacobson james jarvis jefferson jenkins jennings jensen jimenez johansson johns johnson johnston jones jordan joseph
joyce juarez kane kang kaplan kapoor katz kaufman keith keller kelley kelly kemp kennedy kent kerr khan kim king kirby
kirk klein kline knapp knight knox koch kowalski kramer krause krueger kumar kuznetsov lam lamb lambert landry lane
lang larsen larson lawrence lawson le leach leblanc lee lehmann leon leonard leroy lester levine levy lewis li lim lin
lindsey little liu livingston lloyd logan long lopez love lowe lowery lozano lucas lucero luna lynch lynn lyons macdonald
macias mack madden maddox mahoney maldonado malhotra malone mann manning marks marquez marsh marshall martin martinez
martins mason massey mata mathews mathis matthews maxwell may mayer maynard mayo mays mcbride mccall mccann mccarthy
mccarty mcclain mcclure mcconnell mccormick mccoy mccullough mcdaniel mcdonald mcdowell mcfarland mcgee mcgrath mcguire
mcintosh mcintyre mckay mckee mckenzie mckinney mcknight mclaughlin mclean mcmahon mcmillan mcneil mcpherson meadows
medina mehta mejia melendez melton mendez mendoza mercado mercer merritt meyer meyers michael middleton miles miller
mills miranda mitchell molina monroe montgomery montoya moody moon moore mora morales moran moreno morgan morris
morrison morrow morse morton moses mosley moss moyer mueller mullen muller mullins munoz murillo murphy murray myers
nair nakamura nash navarro neal nelson newman newton nguyen nichols nicholson nielsen nixon noble nolan norman norris
norton novak nunez nwosu obrien o'brien ochoa oconnor o'connor odonnell o'donnell ohara o'hara okafor okeke okonkwo
oleary o'leary oliver olsen olson oneal o'neal oneill o'neill orozco orr ortega ortiz osborn osborne owen owens pace
pacheco padilla page palmer papadopoulos park parker parks parra parrish parsons patel patrick patterson patton paul
payne pearson peck pena pennington perez perkins perry person peters petersen peterson petrov petty pham phan phelps
phillips pierce pittman pitts pollard poole pope popov porter potter potts powell powers pratt preston price prince
proctor pruitt public pugh quinn ramirez ramos ramsey randall randolph rangel rao rasmussen ray raymond reddy reed
reese reeves reid reilly reyes reynolds rhodes rice rich richard richards richardson richmond riley rios ritter rivas
rivera rivers roach robbins roberson roberts robertson robinson robles rocha rodgers rodriguez rogers rojas rollins
roman romero rosales rosario rose rosen rosenberg ross rossi roth rowe rowland roy rubio ruiz rush russell russo ryan
salas salazar salgado salinas sampson sanchez sanders sandoval sanford santana santiago santos sato saunders savage
sawyer schaefer schmidt schmitt schneider schroeder schultz schwartz scott sellers serrano sexton shaffer shah shannon
sharma sharp shaw shelton shepard shepherd sheppard sherman shields short silva simmons simon simpson sims singh
singleton skinner sloan small smith snow snyder solis solomon sosa soto sparks spears spence spencer stafford stanley
stanton stark steele stein stephens stephenson stevens stevenson stewart stokes stone stout strickland strong stuart
suarez sullivan summers sutton suzuki swanson sweeney tanaka tang tapia tate taylor terrell terry thomas thompson
thornton tian todd torres townsend tran travis trevino trujillo truong tucker turner tyler underwood valdez valencia
valentine valenzuela vance vargas vasquez vaughan vaughn vazquez vega velasquez velez villa villanueva villarreal
villegas vu wade wagner walker wall wallace walls walsh walter walters walton wang ward ware warner warren washington
waters watkins watson watts weaver webb weber webster weeks weiss welch wells west wheeler whitaker white whitehead
whitney wiggins wilcox wiley wilkerson wilkins wilkinson williams williamson willis wilson winters wise wolf wolfe
wong wood woodard woods woodward wright wu wyatt xu yamamoto yang yates yoder york young yu zamora zavala zhang zhao
zhou zimmerman
""".split()
)
