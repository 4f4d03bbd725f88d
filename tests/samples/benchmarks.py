"""Questions and databases as Spider and BIRD have them, small."""

import json
import sqlite3
from pathlib import Path

MUSIC = """
CREATE TABLE singer (Singer_ID int, Name text, Country text, Age int, PRIMARY KEY (Singer_ID));
CREATE TABLE stadium (Stadium_ID int, Location text, Name text, Capacity int, PRIMARY KEY (Stadium_ID));
CREATE TABLE concert (
  concert_ID int, concert_Name text, Stadium_ID int, Year int, PRIMARY KEY (concert_ID),
  FOREIGN KEY (Stadium_ID) REFERENCES stadium (Stadium_ID)
);
CREATE TABLE singer_in_concert (
  concert_ID int, Singer_ID int, PRIMARY KEY (concert_ID, Singer_ID),
  FOREIGN KEY (concert_ID) REFERENCES concert (concert_ID), FOREIGN KEY (Singer_ID) REFERENCES singer (Singer_ID)
);
INSERT INTO singer VALUES (1,'Joe Sharp','Netherlands',52),(2,'Timbaland','United States',32),
  (3,'Justin Brown','France',29),
  (4,'Rose White','France',41),(5,'John Nizinik','France',43),(6,'Tribal King','France',25);
INSERT INTO stadium VALUES (1,'Raith Rovers','Stark''s Park',10104),(2,'Ayr United','Somerset Park',11998),
  (3,'East Fife','Bayview Stadium',2000),(4,'Queen''s Park','Hampden Park',52500);
INSERT INTO concert VALUES (1,'Auditions',1,2014),(2,'Super bootcamp',2,2014),
  (3,'Home Visits',2,2015),(4,'Week 1',4,2014);
INSERT INTO singer_in_concert VALUES (1,2),(1,3),(2,3),(2,6),(3,5),(4,4),(4,6);
"""
SCHOOL = """
CREATE TABLE student (StuID INTEGER PRIMARY KEY, LName VARCHAR(12), Fname VARCHAR(12), Age INTEGER, Sex VARCHAR(1));
CREATE TABLE pet (PetID INTEGER PRIMARY KEY, PetType VARCHAR(20), pet_age INTEGER, weight REAL);
CREATE TABLE has_pet (
  StuID INTEGER, PetID INTEGER, FOREIGN KEY (PetID) REFERENCES pet (PetID),
  FOREIGN KEY (StuID) REFERENCES student (StuID)
);
INSERT INTO student VALUES (1001,'Smith','Linda',18,'F'),(1002,'Kim','Tracy',19,'F'),(1003,'Jones','Shiela',21,'F'),
  (1004,'Kumar','Dinesh',20,'M'),(1005,'Gompers','Paul',26,'M'),(1006,'Schultz','Andy',18,'M');
INSERT INTO pet VALUES (2001,'cat',3,12.0),(2002,'dog',2,13.4),(2003,'dog',1,9.3),(2004,'bird',4,0.2);
INSERT INTO has_pet VALUES (1001,2001),(1002,2002),(1002,2003),(1005,2004);
"""
CARS = """
CREATE TABLE maker (Id INTEGER PRIMARY KEY, Maker TEXT, Country TEXT);
CREATE TABLE car (Id INTEGER PRIMARY KEY, Model TEXT, MakerId INTEGER REFERENCES maker (Id), MPG REAL,
  Horsepower INTEGER, Year INTEGER);
INSERT INTO maker VALUES (1,'amc','usa'),(2,'volkswagen','germany'),(3,'bmw','germany'),(4,'toyota','japan');
INSERT INTO car VALUES (1,'gremlin',1,21.0,90,1970),(2,'rabbit',2,29.5,71,1974),(3,'2002',3,26.0,113,1970),
  (4,'corolla',4,32.2,75,1979),(5,'hornet',1,18.0,97,1971),(6,'dasher',2,26.0,NULL,1973),(7,'mark ii',4,20.0,122,1973);
"""
SPIDER_DATABASES = {"music": MUSIC, "school": SCHOOL, "cars": CARS}
SPIDER = {
    "music": [
        ("How many singers do we have?", "SELECT count(*) FROM singer"),
        ("Names and ages of the singers by age, the oldest first.",
         "SELECT name , age FROM singer ORDER BY age DESC"),
        ("Average, least and greatest age of the singers from France.",
         "SELECT avg(age) , min(age) , max(age) FROM singer WHERE country = 'France'"),
        ("Countries of singers above 20.", "SELECT DISTINCT country FROM singer WHERE age > 20"),
        ("How many singers has each country?", "SELECT country , count(*) FROM singer GROUP BY country"),
        ("Which stadium has the greatest capacity?",
         "SELECT name FROM stadium ORDER BY capacity DESC LIMIT 1"),
        ("Stadiums for 5000 to 12000.", "SELECT LOCATION , name FROM stadium WHERE capacity BETWEEN 5000 AND 12000"),
        ("Concerts of each stadium.",
         "SELECT T2.name , count(*) FROM concert AS T1 JOIN stadium AS T2 ON T1.stadium_id = T2.stadium_id "
         "GROUP BY T1.stadium_id, T2.name"),
        ("Stadiums without a concert.",
         "SELECT name FROM stadium WHERE stadium_id NOT IN (SELECT stadium_id FROM concert)"),
        ("Countries with singers above 40 and below 30.",
         "SELECT country FROM singer WHERE age > 40 INTERSECT SELECT country FROM singer WHERE age < 30"),
        ("Stadiums without a concert in 2014.",
         "SELECT name FROM stadium EXCEPT SELECT T2.name FROM concert AS T1 JOIN stadium AS T2 "
         "ON T1.stadium_id = T2.stadium_id WHERE T1.year = 2014"),
        ("Who sang in 2014?",
         "SELECT T2.name FROM singer_in_concert AS T1 JOIN singer AS T2 ON T1.singer_id = T2.singer_id "
         "JOIN concert AS T3 ON T1.concert_id = T3.concert_id WHERE T3.year = 2014"),
        ("Singers whose name has an o.", 'SELECT name FROM singer WHERE name LIKE "%o%"'),
        ("How many concerts were in 2014 or 2015?", "SELECT count(*) FROM concert WHERE YEAR = 2014 OR YEAR = 2015"),
        ("Singers above the average age.", "SELECT name FROM singer WHERE age > (SELECT avg(age) FROM singer)"),
    ],
    "school": [
        ("How many pets are heavier than 10?", "SELECT count(*) FROM pet WHERE weight > 10"),
        ("Weight of the youngest dog.", "SELECT weight FROM pet WHERE pettype = 'dog' ORDER BY pet_age LIMIT 1"),
        ("How many dogs have female students?",
         "SELECT count(*) FROM student AS T1 JOIN has_pet AS T2 ON T1.stuid = T2.stuid JOIN pet AS T3 "
         "ON T2.petid = T3.petid WHERE T1.sex = 'F' AND T3.pettype = 'dog'"),
        ("How many kinds of pets are there?", "SELECT count(DISTINCT pettype) FROM pet"),
        ("Students without a pet.", "SELECT fname FROM student WHERE stuid NOT IN (SELECT stuid FROM has_pet)"),
        ("Average age of the students by sex.", "SELECT sex , avg(age) FROM student GROUP BY sex"),
        ("Greatest weight of each kind.", "SELECT max(weight) , petType FROM pet GROUP BY petType"),
        ("First names of who has a cat or a dog.",
         "SELECT DISTINCT T1.fname FROM student AS T1 JOIN has_pet AS T2 ON T1.stuid = T2.stuid JOIN pet AS T3 "
         "ON T3.petid = T2.petid WHERE T3.pettype = 'cat' OR T3.pettype = 'dog'"),
        ("Students with two pets or more.",
         "SELECT T1.lname FROM student AS T1 JOIN has_pet AS T2 ON T1.stuid = T2.stuid GROUP BY T1.stuid, T1.lname "
         "HAVING count(*) >= 2"),
        ("Last names of the students below 20, by name.", "SELECT lname FROM student WHERE age < 20 ORDER BY lname"),
        ("All kinds of pets in one text.", "SELECT group_concat(pettype) FROM pet"),
    ],
    "cars": [
        ("How many makers has each country?", "SELECT country , count(*) FROM maker GROUP BY country"),
        ("Models of the year 1970.", "SELECT model FROM car WHERE year = 1970"),
        ("Greatest miles per gallon.", "SELECT max(mpg) FROM car"),
        ("Makers of Germany.", "SELECT maker FROM maker WHERE country = 'germany'"),
        ("Maker and model of each car, by model.",
         "SELECT T1.maker , T2.model FROM maker AS T1 JOIN car AS T2 ON T1.id = T2.makerid ORDER BY T2.model"),
        ("Average horsepower before 1974.", "SELECT avg(horsepower) FROM car WHERE year < 1974"),
        ("Three models with the most horsepower.",
         "SELECT model FROM car WHERE horsepower IS NOT NULL ORDER BY horsepower DESC LIMIT 3"),
        ("Models without a horsepower.", "SELECT model FROM car WHERE horsepower IS NULL"),
        ("Makers with more than one model.",
         "SELECT T1.maker FROM maker AS T1 JOIN car AS T2 ON T1.id = T2.makerid GROUP BY T1.id, T1.maker "
         "HAVING count(*) > 1"),
        ("How many cars have more than 20 miles per gallon?", "SELECT count(*) FROM car WHERE mpg > 20"),
        ("Cars per year, the latest year first.", "SELECT year , count(*) FROM car GROUP BY year ORDER BY year DESC"),
        ("Model and year of toyota's cars.",
         'SELECT T2.model , T2.year FROM maker AS T1 JOIN car AS T2 ON T1.id = T2.makerid WHERE T1.maker = "toyota"'),
        ("Colour of the gremlin.", "SELECT colour FROM car WHERE model = 'gremlin'"),
    ],
}  # fmt: skip
"""db_id -> questions with SQLite's SQL, as Spider writes it. Two cannot be rewritten: one has a GROUP_CONCAT, one a
column that is not there."""

# --- BIRD -----------------------------------------------------------------------------------------

BANK = """
CREATE TABLE district (district_id INTEGER PRIMARY KEY, A2 TEXT, A11 INTEGER);
CREATE TABLE account (
  account_id INTEGER PRIMARY KEY, district_id INTEGER NOT NULL, frequency TEXT, date DATE,
  FOREIGN KEY (district_id) REFERENCES district (district_id)
);
CREATE TABLE loan (
  loan_id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, amount INTEGER, duration INTEGER, status TEXT,
  FOREIGN KEY (account_id) REFERENCES account (account_id)
);
INSERT INTO district VALUES (1,'Praha',12541),(2,'Benesov',8507),(3,'Brno',9897);
INSERT INTO account VALUES (1,1,'POPLATEK MESICNE','1995-03-24'),(2,1,'POPLATEK TYDNE','1993-02-26'),
  (3,2,'POPLATEK MESICNE','1997-07-07'),(4,3,'POPLATEK PO OBRATU','1996-02-21'),(5,3,'POPLATEK MESICNE','1997-05-30');
INSERT INTO loan VALUES (10,1,96396,12,'B'),(11,2,165960,36,'A'),(12,3,127080,60,'A'),
  (13,4,105804,36,'D'),(14,5,274740,60,NULL);
"""
CLINIC = """
CREATE TABLE patient (ID INTEGER PRIMARY KEY, SEX TEXT, Birthday DATE, Diagnosis TEXT);
CREATE TABLE laboratory (
  ID INTEGER, Date DATE, GOT INTEGER, `T-CHO` REAL, PRIMARY KEY (ID, Date), FOREIGN KEY (ID) REFERENCES patient (ID)
);
INSERT INTO patient VALUES (1,'F','1934-02-13','RA'),(2,'M','1937-05-02','SLE'),(3,'F','1956-04-14','SLE'),
  (4,'M','1943-01-09',NULL);
INSERT INTO laboratory VALUES (1,'1992-06-12',31,213.0),(1,'1993-06-12',62,198.5),(2,'1991-09-19',14,NULL),
  (3,'1995-08-12',88,301.0),(4,'1996-01-05',20,165.0);
"""
BIRD_DATABASES = {"bank": BANK, "clinic": CLINIC}
BIRD = {
    "bank": [
        ("How many accounts are in Praha?", "A2 is the district's name",
         "SELECT COUNT(T1.account_id) FROM account AS T1 INNER JOIN district AS T2 "
         "ON T1.district_id = T2.district_id WHERE T2.A2 = 'Praha'"),
        ("District with the highest average salary.", "A11 is the average salary",
         "SELECT A2 FROM district ORDER BY A11 DESC LIMIT 1"),
        ("Share of the loans with status A, in percent.", "share = count(A) / count(all) * 100",
         "SELECT CAST(SUM(CASE WHEN status = 'A' THEN 1 ELSE 0 END) AS REAL) * 100 / COUNT(loan_id) FROM loan"),
        ("Loans above 100000, the longest first.", "",
         "SELECT loan_id , duration FROM loan WHERE amount > 100000 ORDER BY duration DESC, loan_id"),
        ("Accounts that were opened in 1997.", "year of the date",
         "SELECT account_id FROM account WHERE STRFTIME('%Y', date) = '1997'"),
        ("Loans without a status.", "", "SELECT loan_id FROM loan WHERE status IS NULL"),
        ("Average loan of each district.", "",
         "SELECT T1.A2, AVG(T3.amount) FROM district AS T1 INNER JOIN account AS T2 ON T1.district_id = T2.district_id "
         "INNER JOIN loan AS T3 ON T2.account_id = T3.account_id GROUP BY T1.A2"),
        ("Is the salary in Brno above that of Benesov?", "A11 is the average salary",
         "SELECT IIF((SELECT A11 FROM district WHERE A2 = 'Brno') > (SELECT A11 FROM district WHERE A2 = 'Benesov'), "
         "'YES', 'NO')"),
        ("Accounts with monthly issuance.", "POPLATEK MESICNE stands for monthly issuance",
         "SELECT COUNT(account_id) FROM account WHERE frequency = 'POPLATEK MESICNE'"),
        ("Accounts before 1996.", "", "SELECT `account_id` FROM `account` WHERE `date` < '1996-01-01'"),
        ("The largest loan.", "", "SELECT MAX(amount) FROM loan"),
        ("Loans of 36 months.", "", "SELECT COUNT(*) FROM loan WHERE duration = 36"),
        ("The age of the oldest account today.", "", "SELECT date('now') - MIN(date) FROM account"),
    ],
    "clinic": [
        ("How many women are patients?", "F stands for women", "SELECT COUNT(ID) FROM patient WHERE SEX = 'F'"),
        ("Who was born after 1940?", "", "SELECT ID FROM patient WHERE STRFTIME('%Y', Birthday) > '1940'"),
        ("Highest total cholesterol.", "T-CHO is the total cholesterol", "SELECT MAX(`T-CHO`) FROM laboratory"),
        ("Patients with GOT above 60.", "60 and more is abnormal",
         "SELECT DISTINCT T1.ID FROM patient AS T1 INNER JOIN laboratory AS T2 ON T1.ID = T2.ID WHERE T2.GOT >= 60"),
        ("Patients by diagnosis.", "",
         "SELECT Diagnosis, COUNT(ID) FROM patient WHERE Diagnosis IS NOT NULL GROUP BY Diagnosis"),
        ("Samples of men.", "M stands for men",
         "SELECT COUNT(*) FROM patient AS T1 INNER JOIN laboratory AS T2 ON T1.ID = T2.ID WHERE T1.SEX = 'M'"),
        ("Samples without a cholesterol.", "", "SELECT ID FROM laboratory WHERE `T-CHO` IS NULL"),
        ("Ratio of women to men.", "ratio = count(F) / count(M)",
         "SELECT CAST(SUM(CASE WHEN SEX = 'F' THEN 1 ELSE 0 END) AS REAL) "
         "/ SUM(CASE WHEN SEX = 'M' THEN 1 ELSE 0 END) FROM patient"),
        ("Average GOT of patients with SLE.", "",
         "SELECT AVG(T2.GOT) FROM patient AS T1 INNER JOIN laboratory AS T2 ON T1.ID = T2.ID "
         "WHERE T1.Diagnosis = 'SLE'"),
        ("Samples of 1995 and later.", "", "SELECT COUNT(ID) FROM laboratory WHERE Date >= '1995-01-01'"),
        ("The youngest patient.", "", "SELECT ID FROM patient ORDER BY Birthday DESC LIMIT 1"),
        ("Patients without a diagnosis.", "", "SELECT COUNT(ID) FROM patient WHERE Diagnosis IS NULL"),
        ("Lowest GOT of each patient.", "", "SELECT ID, MIN(GOT) FROM laboratory GROUP BY ID"),
        ("Women with SLE.", "", "SELECT ID FROM patient WHERE SEX = 'F' AND Diagnosis = 'SLE'"),
        ("Men or SLE.", "", "SELECT ID FROM patient WHERE SEX = 'M' OR Diagnosis = 'SLE'"),
        ("Patients whose diagnosis begins with S.", "", "SELECT ID FROM patient WHERE Diagnosis LIKE 'S%'"),
        ("Samples per year.", "",
         "SELECT STRFTIME('%Y', Date), COUNT(*) FROM laboratory GROUP BY STRFTIME('%Y', Date)"),
    ],
}  # fmt: skip
"""db_id -> questions with evidence and SQLite's SQL, as BIRD writes it. One asks for the current time, and
cannot be rewritten."""


def write_spider(folder: Path) -> None:
    """train_spider.json and database/."""
    _write_databases(folder / "database", SPIDER_DATABASES)
    asked = [
        {"db_id": db_id, "query": sql, "query_toks": sql.split(), "question": question,
         "question_toks": question.split(), "sql": {}}
        for db_id, pairs in SPIDER.items()
        for question, sql in pairs
    ]  # fmt: skip
    (folder / "train_spider.json").write_text(json.dumps(asked, indent=1))


def write_bird(folder: Path) -> None:
    """train.json and train_databases/, one of them with descriptions."""
    _write_databases(folder / "train_databases", BIRD_DATABASES)
    described = folder / "train_databases" / "bank" / "database_description"
    described.mkdir()
    (described / "district.csv").write_text(
        "original_column_name,column_name,column_description,data_format,value_description\n"
        "A2,district_name,name of the district,text,\nA11,average salary,average salary of the district,integer,\n"
    )
    asked = [
        {"db_id": db_id, "question": question, "evidence": evidence, "SQL": sql}
        for db_id, pairs in BIRD.items()
        for question, evidence, sql in pairs
    ]
    (folder / "train.json").write_text(json.dumps(asked, indent=1))


def _write_databases(folder: Path, scripts: dict[str, str]) -> None:
    for name, script in scripts.items():
        (folder / name).mkdir(parents=True)
        connection = sqlite3.connect(folder / name / f"{name}.sqlite")
        connection.executescript(script)
        connection.close()
