"""Oracle's data types as DDL and CAST write them."""

from collections.abc import Sequence

from oracle_sft.errors import UserError
from oracle_sft.sqltext.cursor import Cursor
from oracle_sft.sqltext.lexer import Token

# Types of other databases, and what Oracle calls them.
FOREIGN_TYPES = {
    **dict.fromkeys(("TEXT", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT", "NTEXT", "STRING"), "CLOB"),
    **dict.fromkeys(("BIGINT", "INT8", "INT64", "SERIAL", "BIGSERIAL"), "NUMBER(19)"),
    **dict.fromkeys(("TINYINT", "MEDIUMINT", "INT2", "INT4", "BIT", "UNSIGNED"), "NUMBER(10)"),
    **dict.fromkeys(("DATETIME", "SMALLDATETIME"), "DATE"),
    **dict.fromkeys(("DATETIME2", "TIMESTAMPTZ", "DATETIMEOFFSET"), "TIMESTAMP"),
    **dict.fromkeys(("BYTEA", "VARBINARY", "IMAGE", "BINARY", "LONGBLOB"), "BLOB"),
    **dict.fromkeys(("NVARCHAR", "ENUM", "UUID", "UNIQUEIDENTIFIER"), "VARCHAR2(30)"),
    **dict.fromkeys(("DOUBLE", "FLOAT8", "FLOAT4", "FLOAT64", "MONEY"), "NUMBER or BINARY_DOUBLE"),
    **dict.fromkeys(("JSONB",), "JSON"),
    **dict.fromkeys(("BOOL",), "BOOLEAN (23ai) or NUMBER(1)"),
}

# ANSI names and the Oracle type that each is another spelling of; the longer ones come first.
_SPELLINGS = {
    ("NATIONAL", "CHARACTER", "VARYING"): "NVARCHAR2",
    ("NATIONAL", "CHAR", "VARYING"): "NVARCHAR2",
    ("NATIONAL", "CHARACTER"): "NCHAR",
    ("NATIONAL", "CHAR"): "NCHAR",
    ("CHARACTER", "VARYING"): "VARCHAR2",
    ("CHAR", "VARYING"): "VARCHAR2",
    ("NCHAR", "VARYING"): "NVARCHAR2",
    ("CHARACTER",): "CHAR",
    ("DOUBLE", "PRECISION"): "FLOAT(126)",
    ("DEC",): "DECIMAL",
    ("LONG", "RAW"): "LONG RAW",
}


def read_type(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """The type that begins at token `at`, as `Column.type` has it, and how many tokens it takes.

    ("", 0) where no type begins. An unknown name is a user-defined type: `MDSYS.SDO_GEOMETRY`.
    """
    reader = _Reader(tokens, at)
    written = reader.type()
    return (written, reader.at - at) if written else ("", 0)


class _Reader(Cursor):
    def error(self, message: str) -> UserError:
        return UserError(f"a data type: {message}")

    def type(self) -> str:
        if self.at >= len(self.tokens) or not self.tokens[self.at].is_name:
            return ""
        for spelling, name in _SPELLINGS.items():
            if self.take(*spelling):
                return name + self.size()
        if self.take("INTERVAL", "YEAR"):
            years = self.size()
            return f"INTERVAL YEAR{years} TO MONTH" if self.take("TO", "MONTH") else ""
        if self.take("INTERVAL", "DAY"):
            days = self.size()
            return f"INTERVAL DAY{days} TO SECOND{self.size()}" if self.take("TO", "SECOND") else ""
        if self.take("TIMESTAMP"):
            written = "TIMESTAMP" + self.size()
            if self.take("WITH", "TIME", "ZONE"):
                return written + " WITH TIME ZONE"
            if self.take("WITH", "LOCAL", "TIME", "ZONE"):
                return written + " WITH LOCAL TIME ZONE"
            return written
        written = self.part()
        while self.word() == "." and self.at + 1 < len(self.tokens):
            self.at += 1
            if not self.tokens[self.at].is_name:
                return ""
            written += "." + self.part()
        return written + self.size()

    def part(self) -> str:
        token = self.tokens[self.at]
        self.at += 1
        return token.name if token.kind == "word" else token.text

    def size(self) -> str:
        """`(10,2)`, `(30 CHAR)`, `(*,0)`, or nothing."""
        if self.word() != "(":
            return ""
        start, written = self.at, ""
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            text = token.name if token.kind == "word" else token.text
            if token.kind not in ("word", "number") and text not in ("(", ")", ",", "*", "-"):
                break
            written += f" {text}" if token.kind == "word" and written[-1:].isdigit() else text
            self.at += 1
            if text == ")":
                return written
        self.at = start
        return ""
