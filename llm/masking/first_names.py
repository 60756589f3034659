"""First names, as they are given in the United States and among their immigrants. Lower case,
no accents. A word or a place that is a name too stands in ``AMBIGUOUS``, and says nothing by itself.
"""

from __future__ import annotations

FIRST_NAMES = frozenset(
    """
aaliyah aaron abdul abdullah abigail abraham adaeze adam addison adela adele aditi adrian adriana adrienne
agatha agnes agnieszka ahmad ahmed aidan aiden aileen aimee ainsley aisha akash akeem akira alan alana albert
alberta alberto aldo alec alejandra alejandro aleksandr alena alessandra alessandro alexander alexandra
alexandre alexei alexis alfonso alfred alfredo alice alicia alina alisa alisha alison alistair allan allison
alma alondra alonzo althea alvaro alvin alyssa amadou amanda amara amaya amber amelia amina amir amit amy ana
anand anastasia anders andre andrea andreas andres andrew andrey andy angelica angelina angelo angie anika anil
anita anjali anjana ann anna annabelle anne anneke annette annie annika anthony antoine antoinette anton antonia
antonio anurag anya aoife apinya arabella archana ariana ariel arjun arlene armando arnold arthur arturo arun
arvind asha ashish ashok ashraf astrid audrey augustin augustine aurelia aurelio aurora avery axel ayesha babak
barbara barry bart bartholomew beatrice beatrix beatriz becky belinda ben benedict benito benjamin bernadette
bernard bernardo bernice bertha bessie beth bethany betsy bettina betty beverly bhavesh bianca birgit bjorn
blanca bobby bogdan bonnie boris bradley brandi brandon brandy brenda brendan brent brett brian brianna bridget
brigitte britney brittany brooke bruce bruno bryan bryce caitlin caleb calliope calvin cameron camila camille
candace candice carla carlos carlton carmela carmen carol carole caroline carolyn carrie casimir cassandra
cassie catalina caterina catherine cathy cecelia cecil cecilia cedric celeste celia celine cesar chandra chantal
charlene charlie chelsea chen cheryl chiamaka chiara chidi chidinma chinedu chinwe chloe chris christa christie
christina christine christoph christophe christopher christy chukwuemeka ciara cindy claire clara clarence
clarice clarissa claudia claudio claus clayton clement clementine clifford clyde cody colette colin colleen
connor conor conrad constance constantin consuelo cora cordelia corinna corinne cornelia cornelius cory courtney
craig cristian cristina curtis cynthia cyrus dagmar daisuke damian damien damon dana daniel daniela danielle
danny daphne darius darlene darnell darrell darren darryl daryl dave david davide dawit deanna deborah debra
deepa deepak deepika deirdre delia delores delphine demetrius denis denise dennis derek dermot derrick deshawn
desiree desmond devin devon dhruv diana diane dianne diego dieter dimitra dimitri dinesh divya dmitri dmitry
dmytro dolores dominic dominique donald donna donnie doreen dorian doris dorotea dorothea dorothy doug douglas
duane dustin dwayne dwight dylan ebony eddie edgar edith edmond edmund eduardo edward edwin effie eileen elaine
eleanor elena eleni eli elias elijah elisa elisabeth elise eliza elizabeth ella ellen elliot elliott elmer
eloise elsa elsie elspeth elvira emanuel emeka emil emilia emilio emily emma emmanuel emre enrique enzo ephraim
eric erica erich erik erika erin ernest ernesto ernst erwin esmeralda esperanza esteban estelle esther ethan
ethel etienne eugene eugenia eunice evan evelyn everett ezekiel ezra fabian fabio fadi faisal farah fatima fatou
fatoumata federica federico felicia felicity felipe felix ferdinand fernanda fernando filip fiona fionnuala
florian floyd folake frances francesca francesco francine francis francisco francois freddie frederic frederick
freya frieda friedrich fritz funmi gabriel gabriela gabrielle gaetano gail galina gareth garrett gary gaurav
gavin genevieve geoffrey george georgina georgios gerald geraldine gerard gerardo gerhard gertrude giada
giancarlo gideon gilbert gilberto gina giorgio giovanna giovanni girish gisele giulia giuseppe gladys glen
glenda glenn gloria gonzalo gopal gordon govind graciela graeme graham greg gregorio gregory greta gretchen
guadalupe guido guillaume guillermo gunnar gunther gustavo gwen gwendolyn gwyneth hadiya hakim haley halima
hamid hamza hanna hannah hans harald harish harold harriet haruki harvey hassan hazel heather hector heidi
heinrich heinz helen helena helene helga henri henrietta henrik henry henryk herbert heriberto herman hernan
hideo hilary hilda hiroshi holly homer horace horst howard hubert hugh hugo humberto hussein ian ibrahim ichiro
ida ifeoma ignacio ignatius igor ikenna ilana ilya imani imogen imran inaya indira ines inga ingeborg ingrid
irene irina irma irving isaac isabel isabella isabelle isadora isadore isaiah isidro ismael ismail isolde istvan
itzel ivan ivana jacinta jacob jacqueline jacques jadwiga jaime jake jakob jamal james jamie jan jane janelle
janet janice janine janusz jared jarek jaroslav jasmine jason javier javiera jay jayesh jean jeanette jeanne
jeff jeffrey jelena jen jenna jennifer jenny jeremiah jeremy jermaine jerome jerry jessica jessie jesus jiho
jill jim jimmy jing jitendra joan joann joanna joanne joaquim joaquin jodi jody joe joel joelle joey johan
johann johanna johannes john johnathan johnny jolanta jon jonas jonathan jorge joris jose josef josefina joseph
josephina josephine joshua josiah joyce juan juana juanita judith judy julia julian juliana julie juliet
juliette julio julius jun junko jurgen justin justine kaito kamal kamala kamil karan karen kari karim karin
karina karl karla karolina kasper katarzyna kate katelyn katerina katharina katherine kathleen kathryn kathy
katie katrina kavita kayla kazimierz keiko keisha keith kelly kelsey kelvin kendra kenji kenneth kenny kenta
kerry kerstin keshia kevin khadija khalid khalil kim kimberly kiran kirsten klaus knut kofi konrad krishna
kristen kristi kristin kristina kristine kristopher krystal kumar kurt kwabena kwame kyle lachlan ladislav laila
lakisha lakshmi lamar lana lance larisa larissa larry lars laszlo latasha latonya latoya laura lauren laurence
laurent lavonne lawrence lea leah leandro lee leena leif leila leland lena lenora leo leon leona leonard
leonardo leopold leroy leslie leticia lewis liam lian liana lidia liesl lila lillian lillie linda lindsay
lindsey lionel lisa livia liz lloyd lois lola lonnie lora lorcan lorena lorenzo loretta lori lorraine lothar lou
louis louisa louise lourdes lubna luc luca lucas lucia luciana luciano lucien lucille lucinda lucy ludmila
ludwig luigi luis luisa lukas luke lupe luther lydia lyle lynda lynn lynne mabel mackenzie maddison madeleine
madeline magda magdalena mahmoud mairead malcolm malgorzata malik mallory manfred manish manisha manoj manuel
manuela mara marc marcel marcella marcelo marcia marcin marco marcos marcus marek margaret margarita margaux
margie margit margo margot marguerite maria mariah mariam marian mariana marianne maribel marie mariko marilyn
marina mario marisa marisol marissa marit marjorie marlene marlon marsha marta martha marthe martin martina
martine marvin mary maryann mathew mathias mathilde matilda matteo matthew matthias matthijs maura maureen
maurice mauricio maxime maximilian maxine maya mayra mbali meera megan meghan mehdi mehmet mei melanie melinda
melissa melody melvin mercedes meredith micah michael michaela micheal michel michele michelle miguel mikael
mike mikhail milagros mildred milena milos milton mina mindy ming minh miranda mirela miriam miroslav misty
mitch mitchell mohamed mohammad mohammed mohan moira moises molly mona monica monika monique morris moshe
muhammad muriel murray mustafa mustapha myra myriam myrna myrtle nabil nadia nadine nancy nanette naoki naoko
naomi narendra nasreen natalia natalie natalya natasha nate nathan nathaniel nazanin neal neha neil nellie
nelson nerea nestor ngozi nguyen niamh nicholas nick nicola nicolas nicole niels nigel nikhil nikita niklas
nikolai nikolaos nina nirmala nisha nitin nkechi noah noel noelle noemi nora noreen norma norman nuno obinna
octavio odessa odile oksana olaf olayinka oleg olena olga oliver olivia olumide oluwaseun omar omari ophelia
orla oskar osvaldo ottavia otto owen oyinkansola pablo padma padraig paige pamela paola paolo parisa parvati
pascal patrice patricia patricio patrick patsy patti patty paul paula paulette pauline paulo pavel pawel pedro
peggy percy perpetua perry petar petra petros phil philip philippa philippe phillip philomena phyllis pierre
pilar piotr pooja prakash pranav prashant praveen preeti preston priscilla pritam priya priyanka qiang quentin
quincy rachel radek rafael raghav rahul raisa raj rajan rajesh rajiv ralph ramesh ramiro ramon ramona randall
randy rania raoul raphael raquel rasheed rashid raul ravi raymond rebecca regina reginald reinhard renata rene
renee reuben reza rhiannon rhonda ricardo richard rick ricky rita robert roberta roberto roderick rodney rodolfo
rodrigo roger rohan rohit roisin roland rolando rolf romain roman romeo ron ronald ronnie rosa rosalba rosalie
rosalind rosalyn rosanna rosario roseann rosemarie rosemary roxanne roy roza ruben rudolf rudolph rufus rukhsana
rukmini rupert russell ruth ryan sabine sabrina sachin sadie sadiq saeed safiya salim sally salma salman
salvador salvatore sam samantha samir samira sammy samuel sandeep sandip sandra sanjay sanjeev santosh saoirse
sara sarah sarita sasha satish satoshi saul scott seamus sean sebastian sefa seiko selena selim selma serena
serge sergei sergio seth shana shane shanice shannon shanti sharon shaun shawn sheila shelby sheldon shelley
shelly sheri sherri sherrie sherry shira shirley shivani shlomo shreya shreyas sibusiso siddharth siegfried
sigrid silvia simone siobhan slawomir snezana sofia solomon solveig sonia sonja sonya sophia sophie soraya soren
spencer stacey stacy stan stavros stefan stefanie stella stellan stephan stephanie stephen steve steven stewart
stuart subramanian sue suleiman sunil sunita sunniva suresh susan susana susanna susanne sushila sushma suzanne
suzette sven svetlana swati sybil sylvester sylvia tabitha tadashi tadeusz taiwo takashi takeshi tamara tameka
tami tammy tamsin tania tanisha tanvi tanya tara tarek tariq tasha tatiana tatyana ted terence teresa terrance
terrence terri thaddeus thandiwe thelma theodora theodore theodoros theresa therese thibault thierry thomas
tiago tiffani tim timothy tina tobiah tobias toby todd tom tomas tomasz tommaso tommy tomoko toni tony tonya
torsten torvald tracey traci tracy travis trevor tricia trisha troy tyler tyrone ulises ulrich ulrike uma
umberto umesh ursula ursulina usha valentina valeria valerie valery vanessa vanja vasily velma venkat vera verna
vernon veronica vicente vicki vickie vicky victor vidya vijay vikas vikram viktor viktoria vincent vincenzo
vineet vinod violeta virgil vishal vittorio vivek vivian vladimir walter wanda wanjiru warren wayne wei wendell
werner wesley wilbur wilfred wilhelm wilhelmina willard willie wilma winifred winston wioletta wojciech wolfgang
xavier xiao xiaoming ximena xiomara xochitl yael yan yannick yannis yasmin yasmine yelena yesenia yetunde
yiannis yolanda yosef yoshiko yuki yuko yuliya yuri yusra yusuf yvette yvonne zachary zahra zainab zara zbigniew
zdenek zelda zeynab zeynep zhang ziyad zoe zofia zoltan zora zsofia zuzana
""".split()
)

# Words, places, months and firms. A surname must follow, or a word that only people have.
AMBIGUOUS = frozenset(
    """
ace aj al alex alexa alexandria allen amal ami amos angel april art ash ashley august augusta austin autumn
barney baron beau bill bob brad brook buck buddy candy carmel carter cash chad chance charity charles charlotte
chase chester chip christian chuck claude clark claudine cliff cole crystal curt daisy dakota dale dallas dan dawn
dean dee destiny dexter dick dion dirk dixie dolly don dorsey drew duke duncan earl ed edison eden emery
eva eve faith fay ferris flora florence forest ford frank franklin fred gale gene georgia gil ginger grace grant
guy hal hank harmony harper harry heath hector hermes hope hunter ike iris isis israel ivy jack jackie jackson
jade james jasper jeep jewel johnson jordan josh journey joy june justice ken kenya kent kirk kit lane laurel
lily lilly lincoln lindsey logan london lotus lowell lucky mac mackenzie madison mandy marathon marge marina mark
marshall mason matt maverick max may mercury merit merle mick miles millie misty mo morgan myers nash nat
nova oasis olive opal oracle oscar otis paige pam paris parker pat patience paz pearl peg penny peter petal phoenix
pierce piper porter precious prince queen rain ray reed reid reggie rex rich rob robin rocky rod roman ron rose
ross rowan ruby russ rusty sage sandy santiago savannah scout shell sherwin sienna sierra sky sol stanley star
sterling stone stormy summer sunny sydney target taylor terry texas tiffany trinity troy tucker ty val van vance
vera victoria vince violet virginia wade walker wallace ward washington wells wendy west will william wilson
wolf wyatt york yale zara
""".split()
)
