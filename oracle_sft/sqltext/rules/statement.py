"""Rules about what kind of statement it is: one query that only reads."""

from collections.abc import Iterator

from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.functions import MODEL_FUNCTIONS
from oracle_sft.sqltext.reading import Reading

# What a text that is no query begins with, by kind of statement.
_KINDS = {
    "dml": "DELETE UPDATE INSERT MERGE",
    "ddl": (
        "CREATE ALTER DROP TRUNCATE RENAME COMMENT ANALYZE FLASHBACK PURGE ASSOCIATE DISASSOCIATE "
        "ADMINISTER"
    ),
    "dcl": "GRANT REVOKE AUDIT NOAUDIT",
    "plsql": "BEGIN DECLARE EXEC EXECUTE CALL",
    "session_control": "SET",
    "transaction_control": "COMMIT ROLLBACK SAVEPOINT LOCK",
    "explain_plan": "EXPLAIN",
    "client_command": (
        "DESC DESCRIBE SHOW SPOOL START HOST CONNECT CONN PROMPT ACCEPT DEFINE COLUMN EXIT QUIT "
        "WHENEVER VARIABLE PRINT COPY PASSWORD GET RUN SAVE EDIT"
    ),
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}

# Reserved words that stand in no query: each begins a statement that does not only read.
_VERBS = {
    *("ALTER", "AUDIT", "CREATE", "DELETE", "DROP", "GRANT", "INSERT", "LOCK", "NOAUDIT"),
    *("RENAME", "REVOKE", "UPDATE"),
}
_SELECT_AI = {
    *("RUNSQL", "SHOWSQL", "EXPLAINSQL", "NARRATE", "CHAT", "SHOWPROMPT", "SUMMARIZE", "FEEDBACK"),
    *("TRANSLATE", "AGENT"),
}


def nesting(reading: Reading) -> Iterator[Finding]:
    """`nesting`: no more levels of brackets, CASE and prefixes than the policy allows."""
    if len(reading.tokens) <= reading.policy.max_nesting:
        return
    depth = prefixes = 0
    for position, token in enumerate(reading.tokens):
        text, name = token.text, token.name
        if text == "(" or (name == "CASE" and token.kind == "word"):
            depth += 1
        elif text == ")" or (name == "END" and token.kind == "word"):
            depth = max(depth - 1, 0)
        prefixes = prefixes + 1 if name in _PREFIXES else 0
        if depth > reading.policy.max_nesting or prefixes > reading.policy.max_nesting:
            limit = reading.policy.max_nesting
            yield reading.finding("nesting", f"more than {limit} levels", position)
            return


_PREFIXES = {"NOT", "-", "+", "PRIOR", "CONNECT_BY_ROOT"}


def one_statement(reading: Reading) -> Iterator[Finding]:
    """`multiple_statements`: nothing ends the statement before the text ends.

    A `/` alone on its line ends a statement for client tools and divides for the database: two
    readings, so it is refused.
    """
    if not reading.present & {";", "/"}:
        return
    for position, token in enumerate(reading.tokens):
        if token.text == ";" or (token.text == "/" and _alone_on_its_line(reading, position)):
            yield reading.finding(
                "multiple_statements", f"more than one statement: {token.text!r}", position
            )
            return


def _alone_on_its_line(reading: Reading, position: int) -> bool:
    token, tokens = reading.tokens[position], reading.tokens
    before = tokens[position - 1].end if position else 0
    behind = tokens[position + 1].start if position + 1 < len(tokens) else len(reading.text)
    text = reading.text
    return "\n" in text[before : token.start] and "\n" in text[token.end : behind]


def query_only(reading: Reading) -> Iterator[Finding]:
    """`not_a_query`: only SELECT and WITH pass; what else it is, is said where its first word tells.

    `dml`: no INSERT, UPDATE, DELETE and MERGE.

    `ddl`: no CREATE, ALTER, DROP, TRUNCATE and their like.

    `dcl`: no GRANT, REVOKE and AUDIT.

    `plsql`: no PL/SQL block, no CALL and EXECUTE.

    `session_control`: no ALTER SESSION, ALTER SYSTEM and SET.

    `transaction_control`: no COMMIT, ROLLBACK, SAVEPOINT and LOCK TABLE.

    `explain_plan`: no EXPLAIN PLAN, which writes its table.

    `client_command`: no command of SQL*Plus and its like.
    """
    first = 0
    while reading.name(first) == "(":
        first += 1
    word = reading.name(first)
    if word not in ("SELECT", "WITH"):
        kind = _KIND_OF.get(reading.name(0), "not_a_query")
        if word == "ALTER" and reading.name(first + 1) in ("SESSION", "SYSTEM"):
            kind = "session_control"
        shown = reading.tokens[min(first, len(reading.tokens) - 1)].text[:30]
        yield reading.finding(kind, f"only SELECT and WITH may run, not {shown!r}", 0)
        return
    for position in reading.statement.with_ends:
        if reading.name(position) not in ("SELECT", "("):
            where = min(position, len(reading.tokens) - 1)
            yield reading.finding("not_a_query", "WITH must end in a SELECT", where)
    for position in _begin_queries(reading):
        first = position
        while reading.name(first) == "(":
            first += 1
        word = reading.name(first)
        if word not in ("SELECT", "WITH", "VALUES"):
            where = min(first, len(reading.tokens) - 1)
            shown = reading.tokens[where].text[:30]
            kind = _KIND_OF.get(word, "not_a_query")
            yield reading.finding(kind, f"a query must begin here, not {shown!r}", where)


def _begin_queries(reading: Reading) -> Iterator[int]:
    """Where nothing but a query can begin: in WITH, behind a set operator, in EXISTS (..)."""
    for start, _ in reading.statement.cte_bodies.values():
        yield start
    for position in reading.places(_BEFORE_QUERY):
        before, following = reading.name(position - 1), reading.name(position + 1)
        # `MULTISET UNION` joins collections, `UNION '$.a' = ..` is an operation of JSON_TRANSFORM.
        if reading.tokens[position].kind != "word" or before in (".", "MULTISET") or not following:
            continue
        if reading.name(position) != "EXISTS" or following == "(":
            yield position + 1 + (following in ("ALL", "DISTINCT", "UNIQUE"))


_BEFORE_QUERY = frozenset({"UNION", "INTERSECT", "MINUS", "EXISTS"})


def verbs(reading: Reading) -> Iterator[Finding]:
    """`write_verb`: no reserved word of a writing statement anywhere in a query."""
    if not reading.present & _VERBS:
        return
    for position, token in enumerate(reading.tokens):
        if token.kind != "word" or token.name not in _VERBS:
            continue
        if _is_json_operation(reading, position) or _is_model_update(reading, position):
            continue
        if token.name == "UPDATE" and reading.name(position - 1) == "FOR":
            continue  # a lock, which has its own rule
        yield reading.finding("write_verb", f"{token.name} has no place in a query", position)
        return


def _is_json_operation(reading: Reading, position: int) -> bool:
    """`JSON_TRANSFORM(doc, INSERT '$.a' = 1, RENAME '$.b' = 'c', SET '$.d' = 2 CREATE ON MISSING)`."""
    name = reading.name(position)
    if name in ("INSERT", "RENAME"):
        path = [token.kind for token in reading.tokens[position + 1 : position + 2]]
        operation = reading.name(position - 1) in ("(", ",") and path == ["string"]
    else:
        operation = name == "CREATE" and reading.name(position + 1) == "ON"
    return operation and "JSON_TRANSFORM" in reading.statement.calls_around(position)


def _is_model_update(reading: Reading, position: int) -> bool:
    """`RULES UPDATE (..)` and a rule of its own, `UPDATE sales[2020] = 1`, of MODEL."""
    if reading.name(position) != "UPDATE" or "MODEL" not in reading.present:
        return False
    return reading.name(position - 1) == "RULES" or reading.name(position + 2) == "["


def inline_plsql(reading: Reading) -> Iterator[Finding]:
    """`inline_plsql`: no WITH FUNCTION and no WITH PROCEDURE."""
    for position in reading.statement.with_functions:
        yield reading.finding("inline_plsql", "PL/SQL inside a query (WITH FUNCTION)", position)


def row_locks(reading: Reading) -> Iterator[Finding]:
    """`row_lock`: no FOR UPDATE, at no level, and no FOR SHARE or WITH (UPDLOCK) of others."""
    if not reading.present & {"FOR", "WITH"}:
        return
    for position, token in enumerate(reading.tokens):
        following = reading.name(position + 1)
        if token.name == "FOR":
            strength = following + reading.name(position + 2) * (following in ("NO", "KEY"))
            if strength in ("UPDATE", "SHARE", "NOKEY", "KEYSHARE"):
                yield reading.finding("row_lock", f"FOR {following} locks rows", position)
        elif token.name == "WITH" and following == "(" and _is_after_table(reading, position):
            yield reading.finding("row_lock", "a table hint: WITH (..)", position)


def _is_after_table(reading: Reading, position: int) -> bool:
    block = reading.statement.block_of[position]
    return block is not None and position == block.from_end and reading.name(position - 1) != "("


def select_into(reading: Reading) -> Iterator[Finding]:
    """`select_into`: no INTO of PL/SQL and of other databases."""
    if "INTO" not in reading.present:
        return
    for position, token in enumerate(reading.tokens):
        if token.kind == "word" and token.name == "INTO":
            counted = reading.tokens[position + 1 : position + 2]
            if (
                reading.name(position - 1) == "("
                and reading.name(position - 2) in MODEL_FUNCTIONS
                and [token.kind for token in counted] in (["number"], ["bind"])
            ):
                continue  # CLUSTER_ID(INTO 4 USING *)
            yield reading.finding("select_into", "INTO belongs to PL/SQL", position)


def links(reading: Reading) -> Iterator[Finding]:
    """`db_link`: no `@`: what lies behind a database link is not known here."""
    if "@" not in reading.present:
        return
    for position, token in enumerate(reading.tokens):
        if token.text == "@":
            yield reading.finding("db_link", "a database link (@)", position)
            return


def variables(reading: Reading) -> Iterator[Finding]:
    """`substitution`: no `&`, by which client tools splice text.

    `bind`: bind variables only where the policy allows them.
    """
    if not reading.present & {"&", "&&"} and reading.policy.allow_binds:
        return
    for position, token in enumerate(reading.tokens):
        if token.text in ("&", "&&"):
            yield reading.finding("substitution", "a substitution variable (&)", position)
            return
        if token.kind == "bind" and not reading.policy.allow_binds:
            yield reading.finding("bind", f"a bind variable ({token.text[:30]})", position)
            return


def ambiguity(reading: Reading) -> Iterator[Finding]:
    """`ambiguous`: refused where two readers would find different ends of a literal or name."""
    if not reading.kinds & {"string", "quoted"}:
        return
    tokens = reading.tokens
    for position in range(1, len(tokens)):
        before, token = tokens[position - 1], tokens[position]
        if before.end != token.start:
            continue
        if before.kind == "quoted" and token.kind == "quoted":
            yield reading.finding("ambiguous", "a double quote inside a quoted name", position)
            return
        if token.kind == "string" and before.kind == "string":
            yield reading.finding("ambiguous", "two literals without a blank", position)
            return
        number = tokens[position - 2] if position > 1 else before
        if (
            token.kind == "string"
            and before.kind == "word"
            and number.kind == "number"
            and number.end == before.start
        ):
            yield reading.finding("ambiguous", "a number runs into a literal", position)
            return


def select_ai(reading: Reading) -> Iterator[Finding]:
    """`select_ai`: no SELECT AI, which sends the question and the schema to a model provider."""
    if "AI" not in reading.present:
        return
    for block in reading.statement.blocks:
        first = block.start + 1
        if reading.name(first) != "AI":
            continue
        # Behind a column stands a comma, an operator or at most one name, its alias.
        asked = [reading.name(first + ahead) for ahead in (1, 2)]
        words = _is_word(reading, first + 1) and _is_word(reading, first + 2)
        prompt = words and asked[0] not in _BEHIND_COLUMN and asked[1] != "FROM"
        if asked[0] in _SELECT_AI or prompt or "FROM" not in block.clauses:
            yield reading.finding(
                "select_ai", "SELECT AI calls a model provider", block.start, block.start + 1
            )


_BEHIND_COLUMN = frozenset(
    {"FROM", "AS", "COLLATE", "IS", "IN", "LIKE", "BETWEEN", "AND", "OR", "NOT", "AT"}
)


def _is_word(reading: Reading, position: int) -> bool:
    return position < len(reading.tokens) and reading.tokens[position].kind == "word"


RULES = (
    one_statement,
    query_only,
    verbs,
    inline_plsql,
    row_locks,
    select_into,
    links,
    variables,
    ambiguity,
    select_ai,
)
