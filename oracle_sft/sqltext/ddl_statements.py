"""One DDL statement, read token by token."""

import dataclasses
from collections.abc import Callable
from typing import Any

from oracle_sft.sqltext.cursor import WANTING, Cursor
from oracle_sft.sqltext.datatypes import FOREIGN_TYPES, read_type
from oracle_sft.sqltext.ddl_tables import (
    DDLError,
    KeyDraft,
    Script,
    TableDraft,
    sequence_numbers,
    unknown_column,
)
from oracle_sft.sqltext.ddl_words import (
    AFTER_DEFAULT,
    CONSTRAINT_STATES,
    HARMLESS_ALTERS,
    KNOWN_STATEMENTS,
    SEQUENCE_OPTIONS,
)
from oracle_sft.sqltext.lexer import Token, literal_value
from oracle_sft.sqltext.names import nearest
from oracle_sft.sqltext.schema import Column


class Statement(Cursor):
    """One DDL statement, read into the tables of its script."""

    def __init__(self, script: Script, statement: list[Token], end: int) -> None:
        super().__init__(statement)
        self.script = script
        self.end = end

    def error(self, message: str) -> DDLError:
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            found = f", found {token.text[:40]!r}" if message.startswith(WANTING) else ""
            return self.script.error(token.start, message + found)
        offset = self.tokens[-1].end if self.tokens else self.end
        return self.script.error(offset, f"{message}, found the end of the statement")

    def skip_rest(self) -> None:
        while self.at < len(self.tokens):
            if self.word() == "(":
                self.skip_brackets()
            elif self.word() == ")":
                raise self.error("expected the end of the statement")
            elif self.word() in ("CREATE", "COMMENT", "ALTER", "GRANT", "INSERT"):
                raise self.error("expected ';' before the next statement")
            else:
                self.at += 1

    # --- statements ---

    def read(self) -> None:
        if not self.tokens:
            return
        first = self.word()
        if first == "CREATE" and self._create_table():
            return
        if first == "ALTER" and self.word(1) == "TABLE":
            self._alter_table()
        elif first == "COMMENT" and self.word(1) == "ON":
            self._comment()
        elif first == "DROP" and self.word(1) == "TABLE":
            self.expect("DROP", "TABLE")
            self.take("IF", "EXISTS")
            if self.script.tables.pop(self.name("a table name"), None) is None:
                self._skip()
        elif first in KNOWN_STATEMENTS:
            self._skip()
        else:
            raise self.error("expected a DDL statement")

    def _skip(self) -> None:
        words = [token.name for token in self.tokens[:8] if token.is_name]
        words = [word for word in words if word not in ("OR", "REPLACE")]
        self.script.skipped[" ".join(words[:4])] = None

    def _create_table(self) -> bool:
        if [self.word(ahead) for ahead in (1, 2, 3)] == ["OR", "REPLACE", "TABLE"]:
            raise self.error("Oracle has no CREATE OR REPLACE TABLE; write CREATE TABLE")
        position = 1
        while self.word(position) in ("GLOBAL", "PRIVATE", "TEMPORARY", "SHARDED", "DUPLICATED"):
            position += 1
        while self.word(position) in ("IMMUTABLE", "BLOCKCHAIN"):
            position += 1
        if self.word(position) != "TABLE":
            return False
        self.at = position + 1
        self.take("IF", "NOT", "EXISTS")
        start = self.at
        name = self.name("a table name")
        if name in self.script.tables:
            self.at = start
            raise self.error(f"table {name} is created twice")
        for word, what in (("AS", "CREATE TABLE .. AS SELECT"), ("OF", "an object table")):
            if self.word() == word:
                raise self.error(f"{what} does not say its columns; write them out")
        draft = TableDraft(name)
        if self.at - start > 1:
            draft.owner = self.tokens[start].name
        self.expect("(")
        self._items(draft)
        self.expect(")")
        if not draft.columns:
            raise self.error(f"table {name} has no columns")
        if any(self.word(ahead) == "AS" for ahead in range(len(self.tokens) - self.at)):
            ahead = next(i for i in range(len(self.tokens)) if self.word(i) == "AS")
            if self.word(ahead + 1) in ("SELECT", "WITH"):
                raise self.error("CREATE TABLE .. AS SELECT does not say its column types")
        self.skip_rest()
        self.script.tables[name] = draft
        return True

    def _items(self, draft: TableDraft) -> None:
        while True:
            if not self._table_constraint(draft):
                self._column(draft)
            if not self.take(","):
                return

    # --- columns ---

    def _column(self, draft: TableDraft) -> None:
        start = self.at
        name = self.name("a column name or a constraint")
        if name in draft.columns:
            self.at = start
            raise self.error(f"column {name} of table {draft.name} is defined twice")
        column = Column(name=name, type=self._type(draft.name, name))
        draft.columns[name] = column
        self._column_options(draft, name)

    def _type(self, table: str, column: str) -> str:
        word = self.word()
        if word in ("AS", "GENERATED"):
            raise self.error(f"expected the type of column {table}.{column} (write it out)")
        if word in FOREIGN_TYPES and not (word == "DOUBLE" and self.word(1) == "PRECISION"):
            raise self.error(f"expected an Oracle type (write {FOREIGN_TYPES[word]})")
        found, taken = read_type(self.tokens, self.at)
        if taken == 0:
            self.at = min(self.at, len(self.tokens))
            raise self.error(f"expected the type of column {table}.{column}")
        if found in ("VARCHAR2", "NVARCHAR2", "VARCHAR", "RAW"):
            self.at += taken
            raise self.error(f"expected a size behind {found}, as in {found}(30)")
        self.at += taken
        return found

    def _change(self, draft: TableDraft, name: str, **said: Any) -> None:
        draft.columns[name] = dataclasses.replace(draft.columns[name], **said)

    def _column_options(self, draft: TableDraft, name: str) -> None:
        while self.at < len(self.tokens) and self.word() not in (",", ")"):
            offset = self.tokens[self.at].start
            if self.take("CONSTRAINT"):
                self.name("a constraint name")
            if self.take("NOT", "NULL"):
                self._change(draft, name, nullable=False)
            elif self.take("NOT", "DEFERRABLE") or self.take("INITIALLY"):
                continue
            elif self.take("NULL"):
                self._change(draft, name, nullable=True)
            elif self.take("PRIMARY", "KEY"):
                self._primary_key(draft, KeyDraft((name,), offset))
            elif self.take("UNIQUE"):
                draft.unique_keys.append(KeyDraft((name,), offset))
            elif self.word() == "REFERENCES":
                draft.foreign_keys.append(self._references((name,), offset))
            elif self.take("CHECK"):
                self._check(draft)
            elif self.take("DEFAULT"):
                if self.take("ON", "NULL"):
                    self._change(draft, name, nullable=False)
                self._change(draft, name, default=self._default())
            elif self.word() == "GENERATED" or self.word() == "AS":
                self._generated(draft, name)
            elif self.take("INVISIBLE"):
                self.at -= 1
                raise self.error("invisible columns are not supported (SELECT * hides them)")
            elif self.take("USING", "INDEX"):
                self._index_options()
            elif self.take("EXCEPTIONS", "INTO"):
                self.name("a table name")
            elif self.take("COLLATE"):
                self.name("a collation")
            elif self.take("ENCRYPT"):
                self._encryption()
            elif self.word() in CONSTRAINT_STATES:
                self.at += 1
            else:
                raise self.error(f"expected a constraint, ',' or ')' after column {name}")

    def _default(self) -> str:
        start, cases = self.at, 0
        while self.at < len(self.tokens):
            word = self.word()
            if word in (",", ")"):
                break
            if cases == 0 and self.at > start and word in AFTER_DEFAULT:
                break
            if word == "(":
                self.skip_brackets()
                continue
            cases += {"CASE": 1, "END": -1}.get(word, 0)
            self.at += 1
        if self.at == start:
            raise self.error("expected an expression after DEFAULT")
        return self.text_of(start, self.at)

    def _generated(self, draft: TableDraft, name: str) -> None:
        if self.take("GENERATED") and not self.take("ALWAYS"):
            self.expect("BY", "DEFAULT")
            self.take("ON", "NULL")
        self.expect("AS")
        if self.take("IDENTITY"):
            start = self.at
            if self.word() == "(":
                self.skip_brackets()
            while self.word() in SEQUENCE_OPTIONS or self._at_number():
                self.at += 1
            numbers = sequence_numbers(self.tokens[start : self.at])
            self._change(draft, name, nullable=False, identity=numbers)
            return
        start = self.at
        if self.word() != "(":
            raise self.error("expected IDENTITY or a bracketed expression")
        self.skip_brackets()
        self._change(draft, name, virtual=self.text_of(start + 1, self.at - 1))
        self.take("VIRTUAL")

    def _at_number(self) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].kind == "number"

    def _encryption(self) -> None:
        while self.word() in ("USING", "IDENTIFIED", "BY", "NO", "SALT") or (
            self.at < len(self.tokens) and self.tokens[self.at].kind in ("string", "quoted")
        ):
            self.at += 1

    # --- constraints ---

    def _table_constraint(self, draft: TableDraft) -> bool:
        first, second = self.word(), self.word(1)
        named = first == "CONSTRAINT"
        opens_list = (first == "UNIQUE" and second == "(") or (first == "CHECK" and second == "(")
        keyed = (first, second) in (("PRIMARY", "KEY"), ("FOREIGN", "KEY"))
        extra = (first, second) in (("SUPPLEMENTAL", "LOG"), ("PERIOD", "FOR"))
        if not (named or opens_list or keyed or extra):
            return False
        offset = self.tokens[self.at].start
        if named:
            self.at += 1
            self.name("a constraint name")
        if self.take("PRIMARY", "KEY"):
            self._primary_key(draft, KeyDraft(self.names("a column name"), offset))
        elif self.take("UNIQUE"):
            draft.unique_keys.append(KeyDraft(self.names("a column name"), offset))
        elif self.take("FOREIGN", "KEY"):
            columns = self.names("a column name")
            draft.foreign_keys.append(self._references(columns, offset))
        elif self.take("CHECK"):
            self._check(draft)
        elif not extra:
            raise self.error("expected PRIMARY KEY, UNIQUE, FOREIGN KEY or CHECK")
        self._index_options()
        return True

    def _check(self, draft: TableDraft) -> None:
        if self.word() != "(":
            raise self.error("expected '('")
        start = self.at
        self.skip_brackets()
        draft.checks.append(self.text_of(start + 1, self.at - 1))

    def _primary_key(self, draft: TableDraft, key: KeyDraft) -> None:
        if draft.primary_key is not None:
            raise self.script.error(key.offset, f"table {draft.name} has two primary keys")
        draft.primary_key = key

    def _references(self, columns: tuple[str, ...], offset: int) -> KeyDraft:
        self.expect("REFERENCES")
        table = self.name("a table name")
        referenced = self.names("a column name") if self.word() == "(" else ()
        if self.take("ON", "DELETE") and not (self.take("CASCADE") or self.take("SET", "NULL")):
            raise self.error("expected CASCADE or SET NULL")
        return KeyDraft(columns, offset, table, referenced)

    def _index_options(self) -> None:
        """Step over states and storage of a constraint, up to the next item or constraint."""
        while self.at < len(self.tokens):
            word = self.word()
            if word in (",", ")", "CONSTRAINT", "NULL", "PRIMARY", "UNIQUE", "REFERENCES", "CHECK"):
                return
            if word == "NOT" and self.word(1) == "NULL":
                return
            if word == "(":
                self.skip_brackets()
            else:
                self.at += 1

    # --- ALTER TABLE, COMMENT ---

    def _alter_table(self) -> None:
        self.expect("ALTER", "TABLE")
        start = self.at
        name = self.name("a table name")
        if self.word() in HARMLESS_ALTERS:
            self._skip()
            return
        draft = self.script.tables.get(name)
        if draft is None:
            self.at = start
            near = nearest(name, self.script.tables)
            meant = f" (did you mean {near}?)" if near else ""
            raise self.error(f"expected a table that was created before{meant}")
        while self.at < len(self.tokens):
            if self.take("ADD"):
                self._altered(draft, self._add)
            elif self.take("MODIFY"):
                self._altered(draft, self._modify)
            elif self.word() in HARMLESS_ALTERS:
                self._skip()
                return
            else:
                raise self.error(
                    f"ALTER TABLE {name}: only ADD and MODIFY are read; write the final table"
                )

    def _altered(self, draft: TableDraft, change: Callable[[TableDraft], None]) -> None:
        if not self.take("("):
            change(draft)
            return
        change(draft)
        while self.take(","):
            change(draft)
        self.expect(")")

    def _add(self, draft: TableDraft) -> None:
        if not self._table_constraint(draft):
            self._column(draft)

    def _modify(self, draft: TableDraft) -> None:
        start = self.at
        name = self.name("a column name")
        if name not in draft.columns:
            self.at = start
            raise self.error(unknown_column(name, draft.name, draft.columns))
        found, taken = read_type(self.tokens, self.at)
        if taken and found.split("(")[0] not in AFTER_DEFAULT | {"DEFAULT"}:
            self._change(draft, name, type=self._type(draft.name, name))
        self._column_options(draft, name)

    def _comment(self) -> None:
        self.expect("COMMENT", "ON")
        if self.word() not in ("TABLE", "COLUMN"):
            self._skip()
            return
        on_column = self.word() == "COLUMN"
        self.at += 1
        start = self.at
        parts = [self._part()]
        while self.take("."):
            parts.append(self._part())
        self.expect("IS")
        if self.at >= len(self.tokens) or self.tokens[self.at].kind != "string":
            raise self.error("expected a string literal")
        comment = literal_value(self.tokens[self.at])
        self.at += 1
        if self.at < len(self.tokens):
            raise self.error("expected the end of the statement (a ';' may be missing)")
        if on_column and len(parts) < 2:
            self.at = start
            raise self.error("expected TABLE.COLUMN")
        draft = self.script.tables.get(parts[-2] if on_column else parts[-1])
        if draft is None:
            # Comments on views and on tables that this script leaves out.
            kind = "COLUMN" if on_column else "TABLE"
            self.script.skipped[f"COMMENT ON {kind} {'.'.join(parts)}"] = None
        elif not on_column:
            draft.comment = comment
        elif parts[-1] in draft.columns:
            self._change(draft, parts[-1], comment=comment)
        else:
            self.at = start
            raise self.error(unknown_column(parts[-1], draft.name, draft.columns))

    def _part(self) -> str:
        if self.at >= len(self.tokens) or not self.tokens[self.at].is_name:
            raise self.error("expected a name")
        self.at += 1
        return self.tokens[self.at - 1].name
