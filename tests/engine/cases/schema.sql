-- A lending library: the database of the cases in this folder.
CREATE TABLE branches (
  branch_id NUMBER(3) NOT NULL,
  name      VARCHAR2(30 CHAR) NOT NULL,
  code      CHAR(4 CHAR),
  opened    DATE,
  CONSTRAINT branches_pk PRIMARY KEY (branch_id)
);

CREATE TABLE members (
  member_id   NUMBER(5) NOT NULL,
  name        VARCHAR2(40 CHAR) NOT NULL,
  branch_id   NUMBER(3),
  joined      DATE,
  fee         NUMBER(6,2),
  referrer_id NUMBER(5),
  email       VARCHAR2(40 CHAR),
  CONSTRAINT members_pk PRIMARY KEY (member_id)
);

CREATE TABLE genres (
  genre_id  NUMBER(3) NOT NULL,
  name      VARCHAR2(20 CHAR),
  parent_id NUMBER(3),
  CONSTRAINT genres_pk PRIMARY KEY (genre_id)
);

CREATE TABLE books (
  book_id   NUMBER(5) NOT NULL,
  title     VARCHAR2(60 CHAR) NOT NULL,
  genre_id  NUMBER(3),
  price     NUMBER(6,2),
  pages     NUMBER,
  published DATE,
  CONSTRAINT books_pk PRIMARY KEY (book_id)
);

CREATE TABLE loans (
  loan_id   NUMBER(6) NOT NULL,
  member_id NUMBER(5),
  book_id   NUMBER(5),
  taken     DATE,
  returned  DATE,
  fine      NUMBER(6,2),
  note      VARCHAR2(20 CHAR),
  CONSTRAINT loans_pk PRIMARY KEY (loan_id)
);

CREATE TABLE ring (
  a VARCHAR2(1 CHAR),
  b VARCHAR2(1 CHAR)
);
