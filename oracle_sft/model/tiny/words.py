# ruff: noqa: E501 - a phrase of the grammar stays on one line
"""The vocabulary of the pre-training corpus: entities, columns and values of many trades."""

# kind: plural[/singular] ...; singular is the plural without its `s` unless said.
ENTITIES = {
    "person": """employees customers/customer students teachers patients doctors nurses drivers members
    authors players agents guests tenants volunteers clients users managers engineers pilots coaches
    artists musicians lawyers consultants contractors instructors passengers subscribers donors
    applicants candidates editors reviewers judges referees farmers researchers scientists librarians
    technicians mechanics chefs waiters cashiers accountants analysts inspectors officers citizens
    voters witnesses/witness athletes actors directors visitors workers trainees advisors brokers
    owners buyers sellers borrowers translators architects planners curators rangers staff/employee
    people/person children/child participants""",
    "place": """stores warehouses departments offices branches/branch hotels schools universities/university
    hospitals clinics airports stations cities/city countries/country regions districts factories/factory
    plants museums galleries/gallery libraries/library restaurants theatres/theatre stadiums parks farms
    garages laboratories/laboratory depots ports terminals sites campuses/campus buildings wards teams
    clubs companies/company agencies/agency suppliers vendors manufacturers publishers banks insurers
    studios divisions units markets outlets kiosks shops venues/venue resorts villages/village streets
    neighborhoods faculties/faculty institutes/institute""",
    "thing": """products books cars rooms machines devices vehicles/vehicle courses projects films songs
    albums games/game houses/house apartments parts tools components materials medicines/medicine drugs
    dishes/dish recipes/recipe ingredients plants animals pets trees boats ships planes/plane trains
    trucks buses/bus routes/route phones/phone computers printers servers licenses/license policies/policy
    accounts cards loans funds stocks bonds contracts documents articles/article magazines/magazine
    papers journals reports tickets tasks campaigns coupons gifts packages/package containers pallets
    items assets furniture/item sensors meters panels engines/engine toys garments shoes/shoe wines/wine
    beers paintings sculptures exhibits samples experiments datasets models programs modules plans
    services/service features/feature channels playlists podcasts episodes/episode categories/category
    brands genres/genre types/type skills languages/language subjects topics positions""",
    "event": """orders payments bookings reservations visits appointments shipments deliveries/delivery
    invoices/invoice purchases/purchase sales/sale refunds returns claims transfers transactions deposits
    withdrawals rentals flights trips journeys meetings matches/match races/race tournaments events
    concerts performances/performance sessions lessons exams tests surgeries/surgery treatments
    prescriptions inspections repairs audits incidents accidents complaints calls messages/message
    emails reviews ratings votes/vote comments donations enrollments registrations subscriptions
    applications interviews contributions purchases/purchase harvests auctions bids offers quotes/quote
    requests logs alerts readings measurements shifts absences/absence promotions assignments loans
    checkouts renewals submissions inspections screenings""",
}

SYNONYMS = {
    "employees": ["staff", "workers", "people who work for us"],
    "customers": ["clients", "buyers", "shoppers"],
    "clients": ["customers"],
    "students": ["pupils", "learners"],
    "doctors": ["physicians"],
    "films": ["movies"],
    "cars": ["autos", "vehicles"],
    "orders": ["purchases", "sales orders"],
    "payments": ["payments received"],
    "bookings": ["reservations"],
    "products": ["articles", "goods", "items"],
    "stores": ["shops", "outlets"],
    "shops": ["stores"],
    "companies": ["firms", "businesses"],
    "vendors": ["suppliers"],
    "repairs": ["repair jobs", "fixes"],
    "deliveries": ["drops"],
    "houses": ["homes"],
    "phones": ["handsets"],
    "users": ["accounts", "people"],
    "categories": ["groups"],
    "departments": ["departments", "teams"],
}

# name | kind | where it may stand | phrases. A phrase is `key=text`, `~` stands for the value.
# gt/lt: a number above or below; after/before/during: a date; eq: equal; most/least: the superlative of the row;
# many words of the column itself: alias=...
COLUMNS = """
salary | number | person | gt=earning more than ~,who earn more than ~,paid over ~ | lt=earning less than ~,who earn under ~ | most=best paid,highest paid,top earning | least=lowest paid,worst paid | alias=pay
wage | number | person | gt=earning more than ~ | lt=earning less than ~ | most=best paid | least=lowest paid
bonus | number | person | gt=with a bonus above ~,who got a bonus of more than ~ | alias=bonus payment
age | number | person | gt=older than ~,over ~ years old,aged over ~ | lt=younger than ~,under ~ years old | most=oldest | least=youngest | eq=aged ~,who are ~ years old
height | number | person thing | gt=taller than ~ | lt=shorter than ~ | most=tallest | least=shortest
weight | number | person thing event | gt=heavier than ~,weighing more than ~ | lt=lighter than ~,weighing less than ~ | most=heaviest | least=lightest
experience | number | person | gt=with more than ~ years of experience | most=most experienced | least=least experienced
score | number | person event thing | gt=scoring above ~,with a score over ~ | lt=scoring below ~ | most=best scoring,highest scoring | least=lowest scoring
points | number | person event | gt=with more than ~ points | lt=with fewer than ~ points | most=leading
credit_limit | number | person place | gt=who may spend more than ~,with a credit limit over ~
balance | number | person thing | gt=with more than ~ on balance | lt=with a balance under ~ | most=richest
commission | number | person event | gt=with a commission over ~ | alias=commission rate
price | number | thing event | gt=costing more than ~,more expensive than ~,dearer than ~,priced above ~ | lt=cheaper than ~,costing less than ~,priced under ~ | most=most expensive,priciest,dearest | least=cheapest,least expensive | eq=that cost ~,priced at ~
cost | number | thing event place | gt=that cost us more than ~,costing over ~ | lt=that cost less than ~ | most=most costly,costliest | least=least costly
rent | number | thing place | gt=renting for more than ~ | lt=renting for less than ~
fee | number | event thing | gt=charged more than ~,billed over ~ | lt=charged less than ~ | most=most expensive | least=cheapest
amount | number | event | gt=of more than ~,over ~,worth more than ~ | lt=of less than ~,under ~,below ~ | most=largest,biggest,highest | least=smallest,lowest | eq=of ~,of exactly ~ | alias=value
total | number | event | gt=totalling more than ~,over ~ | lt=totalling less than ~ | most=largest,biggest | least=smallest | alias=total value
quantity | number | event thing | gt=of more than ~ pieces,with more than ~ units | lt=of fewer than ~ pieces,with fewer than ~ units | alias=number of units
stock | number | thing | gt=with more than ~ in stock | lt=with fewer than ~ left in stock,with less than ~ in stock | alias=stock level
discount | number | event thing | gt=discounted by more than ~,with a discount over ~ | alias=reduction
tax | number | event | gt=taxed more than ~
duration | number | event thing | gt=longer than ~ minutes,lasting more than ~,that took more than ~ | lt=shorter than ~ minutes,lasting less than ~ | most=longest | least=shortest | alias=length
distance | number | event | gt=longer than ~ km,farther than ~ | lt=shorter than ~ km | most=longest | least=shortest
capacity | number | place thing | gt=holding more than ~,with room for more than ~ | lt=holding fewer than ~ | most=largest | least=smallest
population | number | place | gt=with more than ~ inhabitants,with over ~ people | lt=with fewer than ~ inhabitants | most=most populous,biggest | least=least populous
area | number | place thing | gt=larger than ~ | lt=smaller than ~ | most=largest | least=smallest
budget | number | place thing | gt=with more than ~ to spend,with a budget over ~ | lt=with a budget under ~
revenue | number | place thing | gt=making more than ~,with revenue above ~ | lt=making less than ~
profit | number | place thing | gt=with more than ~ profit | most=most profitable | least=least profitable
floors | number | place thing | gt=with more than ~ floors | lt=with fewer than ~ floors | alias=number of floors
seats | number | place thing | gt=with more than ~ seats | lt=with fewer than ~ seats | alias=number of seats
rating | number | thing event place | gt=rated above ~,rated higher than ~ | lt=rated below ~,rated worse than ~ | most=best rated,top rated | least=worst rated | eq=rated ~
speed | number | thing | gt=faster than ~ | lt=slower than ~ | most=fastest | least=slowest
power | number | thing | gt=stronger than ~ | most=most powerful | least=weakest
pages | number | thing | gt=longer than ~ pages,with more than ~ pages | lt=with fewer than ~ pages | most=longest | least=shortest | alias=number of pages
year | number | thing event | gt=newer than ~,from after ~ | lt=older than ~,from before ~ | eq=from ~,of ~
priority | number | event thing | gt=with priority above ~ | most=most urgent
temperature | number | event | gt=hotter than ~,above ~ degrees | lt=colder than ~ | most=hottest | least=coldest
interest_rate | number | thing | gt=with interest above ~ | alias=interest
mileage | number | thing | gt=with more than ~ miles | lt=with under ~ miles
members | number | place | gt=with more than ~ members | alias=number of members
name | label | person place thing | eq=named ~,called ~
title | label | thing event | eq=titled ~,called ~,with the title ~
first_name | text:first | person | eq=with first name ~
last_name | text:last | person | eq=with last name ~,named ~ | alias=surname,family name
email | text:email | person place | alias=email address,e-mail,mail address
phone | text:phone | person place | alias=phone number,telephone number
city | text:city | person place event | eq=in ~,from ~,living in ~,located in ~,based in ~,who live in ~ | alias=town
country | text:country | person place thing | eq=in ~,from ~,based in ~
region | text:region | person place | eq=in the ~ region,in region ~,of the ~ region
address | text:word | person place
street | text:word | place person | eq=in ~ street
job | text:job | person | eq=working as ~,who are ~,with job ~ | alias=job title,role,position
department | text:dept | person | eq=in ~,working in ~,of the ~ department
gender | text:gender | person | eq=of gender ~
nationality | text:country | person
status | text:status | event thing person | eq=that are ~,in status ~,with status ~,marked ~ | adj=~ | alias=state
state | text:status | event | eq=that are ~,in state ~ | adj=~
kind | text:kind | thing event place | eq=of kind ~,of type ~ | adj=~ | alias=sort
type | text:kind | thing event place | eq=of type ~,of the ~ type | adj=~ | alias=kind
category | text:kind | thing event | eq=in category ~,in the ~ category | adj=~
class | text:kind | thing person | eq=in class ~
color | text:color | thing | eq=that are ~,in ~ | adj=~ | alias=colour
brand | text:word | thing | eq=made by ~,by ~,of brand ~ | adj=~ | alias=make
maker | text:word | thing | eq=made by ~,by ~ | alias=manufacturer
model | text:code | thing | eq=of model ~
size_code | text:size | thing | eq=in size ~,of size ~ | alias=size
material | text:material | thing | eq=made of ~ | adj=~
language | text:lang | thing person | eq=in ~,written in ~ | adj=~
genre | text:genre | thing | eq=of genre ~ | adj=~
grade | text:grade | person thing event | eq=with grade ~,graded ~
skill_level | text:level | person thing event | eq=at level ~,of level ~ | adj=~ | alias=level
code | text:code | thing place event | eq=with code ~,coded ~
serial | text:code | thing | alias=serial number
reference | text:code | event | eq=with reference ~
method | text:method | event | eq=by ~,paid by ~,made by ~ | alias=way
channel | text:method | event | eq=through ~,via ~
currency | text:currency | event thing | eq=in ~
reason | text:reason | event | eq=because of ~,for ~
note | text:word | event thing | alias=remark
description | text:word | thing event
active | text:flag | person thing place | yes=that are active,who are active | no=that are not active,inactive | adjyes=active
paid | text:flag | event | yes=that are paid,already paid | no=that are unpaid,not yet paid | adjyes=paid
premium | text:flag | person thing | yes=that are premium | no=that are not premium | adjyes=premium
urgent | text:flag | event | yes=that are urgent | no=that are not urgent | adjyes=urgent
owner | text:person | thing place | eq=owned by ~,belonging to ~
author | text:person | thing | eq=written by ~,by ~
director | text:person | thing place | eq=directed by ~,headed by ~
birth_date | date | person | after=born after ~,born since ~ | before=born before ~ | during=born in ~ | least=oldest | most=youngest | alias=date of birth,birthday
hire_date | date | person | after=hired after ~,who joined after ~,who started after ~ | before=hired before ~,who joined before ~ | during=hired in ~,who joined in ~,who started in ~ | least=longest serving,first hired | most=most recently hired,newest | alias=date of hire
join_date | date | person | after=who joined after ~,that signed up after ~ | before=who joined before ~ | during=who joined in ~,that signed up in ~ | most=newest | least=longest standing
last_login | date | person | after=who logged in after ~,seen since ~ | before=not seen since ~,who last logged in before ~
start_date | date | event thing person | after=that started after ~,begun after ~,starting after ~ | before=that started before ~ | during=that started in ~,begun in ~ | least=first,earliest | most=latest,most recent
end_date | date | event thing | after=that ended after ~,ending after ~ | before=that ended before ~,finished before ~ | during=that ended in ~,finished in ~
due_date | date | event | after=due after ~ | before=due before ~ | during=due in ~
created_at | date | event thing | after=created after ~,made after ~ | before=created before ~ | during=created in ~,made in ~ | most=newest,latest,most recent | least=oldest | alias=creation date
open_date | date | place | after=opened after ~ | before=opened before ~ | during=opened in ~ | least=oldest | most=newest | alias=opening date
founded | date | place | after=founded after ~ | before=founded before ~ | during=founded in ~ | least=oldest | most=youngest
release_date | date | thing | after=released after ~,that came out after ~ | before=released before ~ | during=released in ~,that came out in ~ | least=oldest | most=newest,latest
expiry_date | date | thing | after=expiring after ~,valid beyond ~ | before=expiring before ~ | during=expiring in ~
event_date | date | event | after=after ~,that happened after ~ | before=before ~,that happened before ~ | during=in ~,that happened in ~ | most=latest,most recent | least=earliest | alias=date
delivery_date | date | event | after=delivered after ~,that arrived after ~ | before=delivered before ~ | during=delivered in ~ | isnull=that were not delivered,not delivered yet | notnull=that were delivered
closed_at | date | event | after=closed after ~ | before=closed before ~ | during=closed in ~ | isnull=that are still open,not closed yet | notnull=that are closed
booked_on | date | event | after=booked after ~ | before=booked before ~ | during=booked in ~
issued_on | date | event thing | after=issued after ~ | before=issued before ~ | during=issued in ~
paid_on | date | event | after=paid after ~ | before=paid before ~ | during=paid in ~ | isnull=that are not paid,unpaid | notnull=that have been paid
"""

NUMBER_NOUNS = """price cost amount fee rate tax weight length width depth volume charge value limit count
capacity portion load margin budget quota score rank usage margin deposit debt""".split()
NUMBER_MODIFIERS = """unit list base net gross total daily monthly yearly annual minimum maximum average
target planned actual initial final extra shipping handling insurance labor service repair travel
entry entrance purchase resale market storage""".split()
DATE_STEMS = """start end due order sale ship arrival departure payment contract visit check review
update approval delivery return entry exit service training renewal audit print sign launch""".split()
TEXT_STEMS = """contact billing shipping home origin target main second preferred default""".split()
TEXT_NOUNS = """city country color language name status type group contact""".split()

SELF_ROLES = {
    "person": ["manager", "mentor", "supervisor", "boss"],
    "place": ["parent", "head"],
    "thing": ["parent", "successor"],
    "event": ["previous", "parent"],
}
ROLES = {
    "person": ["owner", "agent", "author", "seller", "assistant", "contact", "approver", "creator"],
    "place": ["origin", "home", "target", "source"],
    "thing": ["main", "default"],
    "event": ["related", "first"],
}

ABBREVIATIONS = {
    "quantity": "qty",
    "amount": "amt",
    "number": "no",
    "description": "descr",
    "department": "dept",
    "address": "addr",
    "average": "avg",
    "maximum": "max",
    "minimum": "min",
    "customer": "cust",
    "employee": "emp",
    "product": "prod",
    "category": "cat",
    "status": "stat",
    "balance": "bal",
    "date": "dt",
    "price": "prc",
}

VALUES = {
    "first": """Anna Ben Carla David Emma Felix Grace Henry Irene Jack Karen Leo Maria Noah Olivia Paul
    Quinn Rosa Sam Tina Umar Vera Will Xenia Yusuf Zoe Ahmed Bianca Chen Diego Elena Farid Greta Hugo
    Ines Jonas Kim Lars Mei Nina Omar Petra Ravi Sofia Tom Ursula Viktor Wanda Ida Nils""",
    "last": """Smith Jones Brown Garcia Miller Davis Lopez Wilson Moore Taylor Lee Clark Lewis Young
    King Wright Scott Green Baker Adams Nelson Hill Campbell Mitchell Roberts Carter Phillips Evans
    Turner Parker Collins Edwards Stewart Morris Rossi Ferrari Schmidt Weber Fischer Dubois Laurent
    Silva Santos Novak Kowalski Ivanov Tanaka Suzuki Kim Park Nguyen Patel Singh Khan Larsen Berg""",
    "city": """London Paris Berlin Madrid Rome Vienna Oslo Dublin Lisbon Prague Warsaw Athens Brussels
    Chicago Boston Denver Seattle Austin Dallas Houston Toronto Sydney Tokyo Kyoto Seoul Mumbai Delhi
    Cairo Nairobi Lima Bogota Santiago Hamburg Munich Lyon Milan Turin Porto Geneva Zurich Leeds
    Bristol York Oxford Utrecht Bergen Malmo Riga Tampa Miami Phoenix Cologne Naples Nice Ghent""",
    "country": """France Germany Spain Italy Austria Norway Ireland Portugal Poland Greece Belgium Canada
    Australia Japan Korea India Egypt Kenya Peru Colombia Chile Sweden Denmark Finland Brazil Mexico
    Argentina China Turkey Morocco Switzerland Netherlands""",
    "region": """North South East West Central Northwest Southeast Coastal Alpine Midlands Pacific Atlantic
    EMEA APAC AMER Nordic Baltic""",
    "job": """clerk manager analyst engineer designer seller driver assistant director consultant developer
    accountant nurse technician buyer planner trainer cook guard secretary lawyer cashier""",
    "dept": """Sales Finance Marketing Logistics Research Support Legal Security Production Purchasing IT
    HR Operations Quality Training""",
    "gender": "male female F M",
    "status": """open closed pending shipped cancelled active inactive draft approved rejected new done
    failed blocked delayed returned confirmed paused expired archived waiting delivered refunded late
    booked running planned lost sold reserved""",
    "kind": """standard express premium basic private public internal external regular special online
    wholesale retail mobile annual monthly temporary permanent digital manual electric indoor outdoor
    local foreign frozen fresh light heavy small large corporate family junior senior emergency""",
    "color": "red blue green black white yellow grey orange purple brown pink silver gold",
    "size": "S M L XL XXL small medium large",
    "material": "wood steel plastic glass cotton leather paper iron silk wool stone aluminium",
    "lang": "English French German Spanish Italian Arabic Chinese Dutch Polish Hindi Swedish",
    "genre": "drama comedy jazz rock horror fantasy history classical crime romance poetry folk",
    "grade": "A B C D E F A+ B- C1 C2",
    "level": "low medium high beginner advanced expert bronze silver gold platinum critical",
    "method": "card cash cheque phone email web post wire app fax invoice agent",
    "currency": "EUR USD GBP JPY CHF SEK INR",
    "reason": "damage delay illness holiday fraud error weather strike moving quality price",
    "flag": "Y N",
}

SYLLABLES = """ba be bo bra ca co cre da del di do dra el en fa fer fi ga gen go gra ha hel ho in ja jo ka
kel ki ko la len li lo lu ma mar me mi mo na ne ni no nor o or pa pe pi pla po ra re ri ro ru sa sel
si so sta ta tel ter ti to tra u ul va ve vi vo wa wen wi ya za zen zo ck ng rt st x y""".split()

PLAIN_WORDS = """alpha apex arrow atlas aurora azure beacon bright canyon cedar cobalt comet copper coral
crest crystal delta diamond eagle echo ember falcon forest fusion garden glacier golden granite harbor
horizon island ivory jade juniper lake lunar maple marble meadow metro mirror moon mountain nova oak
ocean onyx orchid palm pearl pine pioneer polar prime quartz rapid raven ridge river royal ruby sage
sierra smart solar spark spring star stone storm summit sun swift timber titan urban valley velvet
violet vista willow winter zenith desk lamp chair coffee bread cheese soap kettle jacket cable battery
camera filter pump valve wheel glove helmet bottle basket garden service gear frame brake tyre road
kids mountain city light lock bell""".split()

# Words written in capitals that occur as codes ('TRUNC-17'): with them every word of the tokenizer's
# vocabulary has been read and written at least as plain text, as every word of a large model has.
CODE_WORDS = """AB BX CK DZ EK FQ GT HV JX KL MP NR PX QT RS SV TW UX VZ WK XR YB ZN ACE BOLT CORE DUO EVO
FLEX GRID HUB ION JET KIT LUX MAX NEO ORB PRO QUAD RAW SKY TOP ULTRA VOLT WAVE XENO YARD ZIP""".split()

# Known to the tokenizer as words; in the corpus they stand in codes only.
ORACLE_WORDS = """NVL NVL2 DECODE ROWNUM ROWID LEVEL CONNECT PRIOR START SIBLINGS NOCYCLE CONNECT_BY_ROOT
SYS_CONNECT_BY_PATH LISTAGG WITHIN SYSDATE TO_CHAR TO_DATE TO_NUMBER ADD_MONTHS MONTHS_BETWEEN LAST_DAY TRUNC
MINUS FETCH FIRST NEXT ROWS ROW ONLY OFFSET KEEP DENSE_RANK RANK ROW_NUMBER LAST LAG LEAD NTILE RATIO_TO_REPORT
MEDIAN SUBSTR INSTR LENGTH LPAD RPAD TRIM REPLACE INITCAP UPPER LOWER REGEXP_LIKE REGEXP_SUBSTR GREATEST LEAST
NULLIF COALESCE MOD ABS CEIL FLOOR ROUND DUAL ROLLUP CUBE GROUPING EXTRACT YEAR MONTH DAY INTERVAL TIMESTAMP CAST
VARCHAR2 NUMBER UNBOUNDED PRECEDING FOLLOWING CURRENT ESCAPE NULL COUNT SUM AVG MIN MAX YYYY MM DD HH24 MI SS MON
Q IW""".split()

# Words of everyday business questions that should be one token each.
COMMON_WORDS = """customer customers employee employees product products order orders payment payments store stores
shop shops supplier suppliers department departments category categories invoice invoices sale sales item items
person people user users company companies country countries city cities account accounts project projects name names
number count date day month year quarter week time price prices cost total amount quantity value salary status type
manager managers hired hire born sold bought paid open opened closed shipped started ended placed made lives live
called named average highest lowest largest smallest latest earliest newest oldest cheapest expensive top first last
second third different distinct together including without within again ever never still yet now today than then same
other another both either neither none nothing one two three four five six seven eight nine ten hundred percent greater equal
January February March April May June July August September October November December sorted ordered descending
ascending grouped alphabetical order works working worked belongs belong spent earn earns earned money staff client
clients line lines parent birth start end ship due discount email phone region brand kind job method fee
Which What How Who Where When Show List Give Find Count Get Display Name Number""".split()
