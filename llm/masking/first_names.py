"""First names, as they are given in the United States and among their immigrants. Lower case,
no accents. A word or a place that is a name too stands in ``AMBIGUOUS``, and says nothing by itself.
"""

from __future__ import annotations

FIRST_NAMES = frozenset(
    """
aaliyah aaron abdul abdullah abigail abraham adam addison adele adrian adriana adrienne agnes ahmad ahmed
aidan aiden aileen aimee aisha akash akeem akira alan alana albert alberta alberto alec alejandra alejandro
aleksandr alena alessandra alessandro alexander alexandra alexandre alexei alexis alfonso alfred alfredo alice
alicia alina alisa alisha alison alistair allan allison alma alondra alonzo alvaro alvin alyssa amadou amanda
amber amelia amina amir amit amy ana anand anastasia anders andre andrea andreas andres andrew andrey andy
angelica angelina angelo angie anika anil anita anjali ann anna annabelle anne annette annie anthony antoine
antoinette anton antonia antonio anurag anya aoife archana ariana ariel arjun arlene armando arnold arthur
arturo arun arvind asha ashish ashok ashraf astrid audrey augustine aurelia aurora avery axel ayesha babak
barbara barry bart bartholomew beatrice beatriz becky belinda ben benedict benjamin bernadette bernard bernardo
bernice bertha bessie beth bethany betsy bettina betty beverly bhavesh bianca bjorn blanca bobby bogdan bonnie
boris bradley brandi brandon brandy brenda brendan brent brett brian brianna bridget brigitte britney brittany
brooke bruce bruno bryan bryce caitlin caleb calvin cameron camila camille candace candice carla carlos carlton
carmen carol carole caroline carolyn carrie cassandra cassie catalina caterina catherine cathy cecelia cecil
cecilia cedric celeste celia celine cesar chandra chantal charlene charlie chelsea chen cheryl chidi chinedu
chinwe chloe chris christa christie christina christine christoph christophe christopher christy chukwuemeka
ciara cindy claire clara clarence clarissa claudia claudio claus clayton clement clifford clyde cody colette
colin colleen connor conor conrad constance consuelo cora corinne cornelia cornelius cory courtney craig cristian
cristina curtis cynthia daisuke damian damien damon dana daniel daniela danielle danny daphne darius darlene
darnell darrell darren darryl daryl dave david davide dawit deanna deborah debra deepa deepak deepika deirdre
delia delores demetrius denis denise dennis derek dermot derrick deshawn desiree desmond devin devon dhruv diana
diane dianne diego dieter dimitri dinesh divya dmitri dmitry dolores dominic dominique donald donna donnie doreen
dorian doris dorothea dorothy doug douglas duane dustin dwayne dwight dylan ebony eddie edgar edith edmund
eduardo edward edwin eileen elaine eleanor elena eli elias elijah elisa elisabeth elise elizabeth ella ellen
elliot elliott elmer eloise elsa elsie elvira emanuel emeka emil emilia emilio emily emma emmanuel enrique
eric erica erich erik erika erin ernest ernesto ernst erwin esmeralda esperanza esteban estelle esther ethan
ethel etienne eugene eugenia eunice evan evelyn everett ezekiel fabian fabio farah fatima federico felicia
felipe felix ferdinand fernanda fernando fiona floyd francesca francesco francine francis francisco francois
frances frederic frederick freddie frieda friedrich fritz gabriel gabriela gabrielle gail gareth garrett gary
gaurav gavin geoffrey george georgina gerald geraldine gerard gerardo gerhard gertrude giancarlo gilbert gilberto
gina giorgio giovanna giovanni girish gisele giulia giuseppe gladys glen glenda glenn gloria gonzalo gopal
gordon govind graciela graeme graham greg gregorio gregory greta gretchen guadalupe guido guillaume guillermo
gunther gustavo gwen gwendolyn hakim haley hamid hannah hans hanna harold harriet harish haruki harvey hassan
hazel heather hector heidi heinrich heinz helen helena helene helga henri henrietta henrik henry herbert
heriberto herman hernan hilda hiroshi holly homer horace horst howard hubert hugh hugo humberto hussein ian
ibrahim ida ifeoma ignacio igor ikenna ilana ilya imani imran ines inga ingrid irene irina irma irving isaac
isabel isabella isabelle isadora isaiah ismael ismail istvan ivan ivana jacob jacqueline jacques jaime jake
jakob jamal james jamie jan jane janelle janet janice janine jared jasmine jason javier jay jayesh jean jeanette
jeanne jeff jeffrey jen jenna jennifer jenny jeremiah jeremy jermaine jerome jerry jessica jessie jesus jill jim
jimmy jing jitendra joan joann joanna joanne joaquin jodi jody joe joel joelle joey johan johann johanna
johannes john johnathan johnny jon jonas jonathan jorge jose josef josefina joseph josephine joshua josiah joyce
juan juana juanita judith judy julia julian juliana julie juliet juliette julio julius jun junko jurgen justin
justine kamal kamala karan karen kari karim karin karina karl karla kasper kate katelyn katerina katharina
katherine kathleen kathryn kathy katie katrina kayla keiko keith kelly kelsey kelvin kendra kenji kenneth kenny
kenta kerry keshia kevin khadija khalid kim kimberly kiran kirsten klaus knut krishna kristen kristi kristin
kristina kristine kristopher krystal kumar kurt kwame kyle lakisha lamar lana lance larisa larry lars latasha
latoya laura lauren laurence laurent lavonne lawrence lea leah leandro lee leena leif leila leland lena lenora
leo leon leona leonard leonardo leroy leslie leticia lewis liam lian lidia liesl lila lillian lillie linda
lindsay lindsey lionel lisa livia liz lloyd lois lola lonnie lora lorena lorenzo loretta lori lorraine lou
louis louisa louise lourdes luc luca lucas lucia luciana luciano lucien lucille lucinda lucy luigi luis luisa
lukas luke lupe luther lydia lyle lynda lynn lynne mabel mackenzie maddison madeleine madeline magdalena mahmoud
malcolm malik mallory manfred manish manoj manuel manuela mara marc marcel marcella marcelo marcia marco marcos
marcus margaret margarita margie margo margot marguerite maria mariah mariam marian mariana marianne maribel
marie marilyn marina mario marisa marisol marissa marjorie marlene marsha marta martha marthe martin martina
marvin mary maryann mathew mathias mathilde matilda matteo matthew matthias maura maureen maurice mauricio
maxime maximilian maxine maya mayra megan meghan mehmet mei melanie melinda melissa melody melvin mercedes
meredith micah michael michaela michel michele micheal michelle miguel mikael mike mikhail milagros mildred
milena milton mina mindy ming minh miranda miriam misty mitch mitchell mohamed mohammad mohammed mohan moises
molly mona monica monika monique morris moshe muhammad muriel murray mustafa myra myriam myrna myrtle nabil nadia
nadine nanette nancy naomi narendra natalia natalie natasha nate nathan nathaniel neal neha neil nellie nelson
nestor ngozi nguyen nicholas nick nicola nicolas nicole niels nigel nikhil niklas nikolai nikolaos nina nisha
nitin nkechi noah noel noelle noemi nora noreen norma norman nuno obinna octavio odessa olaf oleg olga olivia
oliver oluwaseun omar ophelia oskar osvaldo otto owen pablo padma paige pamela paola paolo parisa pascal patrice
patricia patricio patrick patsy patti patty paul paula paulette pauline paulo pavel pedro peggy percy perry
petra petros phil philip philippe phillip phyllis pierre pilar piotr prakash pranav prashant praveen preston
priscilla priya priyanka qiang quentin quincy rachel rafael raghav rahul raj rajesh rajiv ralph ramesh ramona
randall randy raoul raphael raquel rashid raul ravi raymond rebecca reginald regina reinhard renata rene renee
reuben rhonda ricardo richard rick ricky rita roberta roberto robert roderick rodney rodolfo rodrigo roger rohan
rohit roland rolando rolf roman romeo ron ronald ronnie rosa rosalie rosalind rosanna rosario roseann rosemarie
rosemary roxanne roy ruben rudolf rudolph rufus rukmini rupert russell ruth ryan sabine sabrina sachin sadie
salim sally salman salvador salvatore sam samantha samir sammy samuel sandeep sandra sanjay santosh sara sarah
sasha satoshi saul scott sean sebastian selena selma serena serge sergei sergio seth shana shane shannon sharon
shaun shawn sheila shelby sheldon shelley shelly sheri sherri sherrie sherry shirley shivani shreya siddharth
siegfried sigrid silvia simone sofia solomon sonia sonja sonya sophia sophie soren spencer stacey stacy stan
stefan stefanie stella stephan stephanie stephen steve steven stewart stuart subramanian sue suleiman sunil
sunita suresh susan susana susanna susanne sushma suzanne sven svetlana sylvester sylvia tabitha takashi takeshi
tamara tameka tami tammy tania tanisha tanya tara tariq tasha tatiana ted terence teresa terrance terrence terri
thaddeus thelma theodora theodore theresa therese thomas tiago tiffani tim timothy tina tobias toby todd tom
tomas tommaso tommy toni tony tonya torsten tracey traci tracy travis trevor tricia trisha troy tyler tyrone
ulrich ulrike uma umesh ursula usha valentina valerie vanessa vasily velma vera verna vernon veronica vicente
vicki vickie vicky victor viktor vijay vikas vikram vincent vincenzo vinod violeta virgil vivek vivian vladimir
walter wanda warren wayne wei wendell werner wesley wilbur wilfred wilhelm willard willie wilma winifred
winston wolfgang xavier xiao xiaoming ximena yan yannick yasmin yesenia yolanda yoshiko yuki yuri yusuf yvette
yvonne zachary zainab zeynep zhang zoe zoltan zofia
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
