"""Conversations: the layouts, what is a pair of them, and what is said of the rest."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle_sft.config.compose import compose
from oracle_sft.config.data import ChatDataConf, FollowUps
from oracle_sft.errors import UserError
from oracle_sft.pairs.build import find_or_build
from oracle_sft.pairs.readers import chat
from oracle_sft.pairs.readers.draft import Draft, Found, Unread
from oracle_sft.pairs.readers.sessions import Rules
from oracle_sft.record.files import read_jsonl

ASK, SQL = "Which shops are open?", "SELECT name FROM shop WHERE is_open = 1"
TOLD = f"Here you are:\n```sql\n{SQL};\n```\nIt lists the open ones."


def user(text: Any, **more: Any) -> dict[str, Any]:
    return {"role": "user", "content": text, **more}


def assistant(text: str | None, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": text, **more}


def call(sql: str, call_id: str = "c1") -> dict[str, Any]:
    function = {"name": "run_sql", "arguments": json.dumps({"sql": sql})}
    return assistant(None, tool_calls=[{"id": call_id, "type": "function", "function": function}])


def result(text: str, call_id: str = "c1", **more: Any) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": text, **more}


def found(folder: Path, *conversations: object, **settings: Any) -> list[Found]:
    path = folder / "chats.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in conversations), encoding="utf-8")
    return list(chat.read(path, Rules.of(ChatDataConf(path=str(path), **settings))))


def messages(folder: Path, *turns: object, **settings: Any) -> list[Found]:
    return found(folder, {"messages": list(turns)}, **settings)


def kept(said: list[Found]) -> list[tuple[str, str]]:
    return [
        (each.question, each.sql)
        for each in said
        if isinstance(each, Draft) and not each.provenance.get("excluded")
    ]


def reasons(said: list[Found]) -> list[str]:
    """Why each of the others is none."""
    return [
        each.reason if isinstance(each, Unread) else each.provenance["exclusion_reason"]
        for each in said
        if isinstance(each, Unread) or each.provenance.get("excluded")
    ]


PARTS = [{"type": "text", "text": "Which shops"}, {"type": "text", "text": "are open?"}]
LAYOUTS = {
    "messages of OpenAI": {"messages": [user(ASK), assistant(TOLD)]},
    "conversations of ShareGPT": {
        "conversations": [
            {"from": "system", "value": "You write SQL. SELECT nothing FROM nowhere"},
            {"from": "human", "value": ASK},
            {"from": "gpt", "value": TOLD},
        ]
    },
    "calls of ShareGPT": {
        "conversations": [
            {"from": "human", "value": ASK},
            {
                "from": "function_call",
                "value": json.dumps({"name": "q", "arguments": {"sql": SQL}}),
            },
            {"from": "observation", "value": '[{"NAME": "Alsergrund"}]'},
            {"from": "gpt", "value": "One is open: Alsergrund."},
        ]
    },
    "a tool call of OpenAI": {
        "messages": [user(ASK), call(SQL), result("NAME\nAlsergrund"), assistant("Alsergrund.")]
    },
    "a call and the same SQL as text": {
        "messages": [user(ASK), call(SQL), result("[]"), assistant(f"No shop is: `{SQL}`")]
    },
    "a function call of OpenAI": {
        "messages": [
            user(ASK),
            assistant(None, function_call={"name": "q", "arguments": json.dumps({"query": SQL})}),
            {"role": "function", "name": "q", "content": "1 row"},
        ]
    },
    "parts": {
        "messages": [
            user(ASK),
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "SELECT 1 FROM dual"},
                    {"type": "tool_use", "id": "u1", "name": "q", "input": {"sql": SQL}},
                ],
            },
            {
                "role": "user",
                "content": [{"type": "tool_result", "tool_use_id": "u1", "content": "1 row"}],
            },
        ]
    },
    "a key for the SQL": {"messages": [user(ASK), assistant("Both shown.", sql=SQL)]},
    "items of OpenAI's responses": {
        "messages": [
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": ASK}]},
            {"type": "reasoning", "summary": []},
            {"type": "function_call", "call_id": "c", "arguments": json.dumps({"sql": SQL})},
            {"type": "function_call_output", "call_id": "c", "output": "1 row"},
        ]
    },
    "messages of LangChain": {
        "messages": [
            {"type": "human", "data": {"content": ASK}},
            {
                "type": "ai",
                "data": {"content": "", "tool_calls": [{"name": "q", "args": {"sql": SQL}}]},
            },
        ]
    },
    "a question and its answer": {"turns": [{"question": ASK, "sql": SQL}]},
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout: str, tmp_path: Path) -> None:
    said = found(tmp_path, LAYOUTS[layout])
    assert kept(said) == [(ASK, SQL)]
    assert reasons(said) == []


def test_a_question_in_parts(tmp_path: Path) -> None:
    assert kept(messages(tmp_path, user(PARTS), assistant(TOLD))) == [
        ("Which shops\nare open?", SQL)
    ]


def test_a_folder_of_files(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.json"):
        (tmp_path / name).write_text(json.dumps(LAYOUTS["messages of OpenAI"] | {"id": name}))
    (tmp_path / "notes.txt").write_text("no chat")
    rules = Rules.of(ChatDataConf(path=str(tmp_path)))
    sessions = [
        each.provenance["source_session_id"]
        for each in chat.read(tmp_path, rules)
        if isinstance(each, Draft)
    ]
    assert sessions == ["a.json", "b.jsonl"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match=r"empty holds no \*\.json, \*\.jsonl, \*\.ndjson;"):
        list(chat.read(tmp_path / "empty", rules))


def test_evidence_holds_the_latest_questions(tmp_path: Path) -> None:
    turns = [
        turn for n in range(5) for turn in (user(f"q{n}"), assistant(f"{OTHER} WHERE id = {n}"))
    ]
    *_, last = messages(tmp_path, *turns, earlier_questions=2)
    assert isinstance(last, Draft)
    assert last.evidence == 'asked before in the same conversation: "q2"; "q3"'


def test_a_json_list_of_conversations(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps([LAYOUTS["messages of OpenAI"], 5], indent=1))
    first, second = chat.read(path, Rules.of(ChatDataConf(path=str(path))))
    assert isinstance(first, Draft)
    assert first.where == f"{path} item 1 turn 2"
    assert isinstance(second, Unread)
    assert second.where == f"{path} item 2"
    assert second.is_fault


def test_what_is_said_of_a_conversation_and_of_a_turn(tmp_path: Path) -> None:
    said = found(
        tmp_path,
        {
            "id": "chat-17",
            "schema_id": "shop",
            "model": "m1",
            "timestamp": 1_777_731_000,
            "evidence": "open = 1",
            "messages": [
                user(ASK, evidence="shop = branch"),
                assistant(TOLD),
                user("And how many?", schema_id="hr"),
                assistant(
                    "SELECT COUNT(*) FROM shop", model="m2", timestamp="2026-05-02T16:00:00+02:00"
                ),
            ],
        },
    )
    first, second = said
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert (first.schema_id, second.schema_id) == ("shop", "hr")
    assert first.evidence == "open = 1\nshop = branch"
    assert second.evidence == f'open = 1\nasked before in the same conversation: "{ASK}"'
    assert first.provenance == {
        "source_session_id": "chat-17",
        "model": "m1",
        "timestamp": "2026-05-02T14:10:00Z",
        "approved": True,
    }
    assert second.provenance == {
        "source_session_id": "chat-17",
        "model": "m2",
        "timestamp": "2026-05-02T14:00:00Z",
        "approved": True,
    }


MORE = ("And by month?", "SELECT month FROM sales GROUP BY month")


@pytest.mark.parametrize(
    ("follow_ups", "pairs", "why"),
    [
        (FollowUps.evidence, [(ASK, SQL), MORE], []),
        (FollowUps.alone, [(ASK, SQL), MORE], []),
        (FollowUps.first_only, [(ASK, SQL)], ["a follow-up, which may depend on what was said"]),
    ],
)
def test_follow_ups(
    follow_ups: FollowUps, pairs: list[tuple[str, str]], why: list[str], tmp_path: Path
) -> None:
    said = messages(
        tmp_path,
        user(ASK),
        assistant(TOLD),
        user(MORE[0]),
        assistant(MORE[1]),
        follow_ups=follow_ups,
    )
    assert kept(said) == pairs
    assert [reason.startswith(begin) for reason, begin in zip(reasons(said), why, strict=True)] == [
        True
    ] * len(why)
    evidence = [each.evidence for each in said if isinstance(each, Draft)][1]
    assert (ASK in evidence) == (follow_ups is FollowUps.evidence)


OTHER = "SELECT name FROM shop"
JUDGED: dict[str, tuple[list[Any], list[str], str]] = {
    "the last of several": (
        [user(ASK), assistant(OTHER), assistant(TOLD)],
        [SQL],
        "superseded by the answer at",
    ),
    "the last accepted of several": (
        [user(ASK), assistant(TOLD, approved=True), assistant(OTHER)],
        [SQL],
        "superseded by the answer at",
    ),
    "the call that failed": (
        [
            user(ASK),
            call(OTHER),
            result("ORA-00942: table or view does not exist"),
            call(SQL, "c2"),
        ],
        [SQL],
        "its query failed: ORA-00942",
    ),
    "nothing after a last one that failed": (
        [user(ASK), call(OTHER), result("1 row"), call(SQL, "c2"), result("Error: no", "c2")],
        [],
        "the last answer to its question does not stand",
    ),
    "an error in an object": (
        [user(ASK), call(SQL), result('{"rows": [], "error": "ORA-00904"}')],
        [],
        "its query failed: ORA-00904",
    ),
    "a result without an id, of text": (
        [user(ASK), assistant(TOLD), {"role": "tool", "content": "ORA-00904: invalid"}],
        [],
        "its query failed: ORA-00904: invalid",
    ),
    "a thumb on the user's next turn": (
        [user(ASK), assistant(TOLD), user("no", feedback="down"), assistant("Sorry.")],
        [],
        "feedback is down",
    ),
    "a rating that says nothing": (
        [user(ASK), assistant(TOLD, feedback={"rating": 3})],
        [],
        "feedback is 3, which says neither up nor down",
    ),
    "a cut answer": (
        [user(ASK), assistant(TOLD, finish_reason="length")],
        [],
        "the answer was cut: finish_reason is length",
    ),
    "asked again": (
        [user(ASK), assistant(OTHER), user(ASK.upper()), assistant(TOLD)],
        [SQL],
        "superseded: the question is corrected or asked again at",
    ),
    "corrected": (
        [user(ASK), assistant(OTHER), user("only open ones", corrects=True), assistant(TOLD)],
        [SQL],
        "superseded: the question is corrected or asked again at",
    ),
    "a mark in the metadata": (
        [user(ASK), assistant(TOLD, metadata={"approved": False})],
        [],
        "approved is False",
    ),
    "a thumb on the words about the rows": (
        [
            user(ASK),
            call(SQL),
            result("1 row"),
            assistant("One.", id="t4"),
            user("And all?", id="q2"),
            assistant(OTHER),
            {"role": "feedback", "about": "t4", "rating": "down"},
        ],
        [OTHER],
        "feedback is down".replace("feedback", "rating"),
    ),
    "a thumb on the question": (
        [user(ASK, id="q1"), assistant(TOLD), {"role": "feedback", "about": "q1", "rating": -1}],
        [],
        "rating is -1",
    ),
    "the same query again, which runs now": (
        [
            user(ASK),
            call(SQL),
            result("ORA-12170: timeout"),
            call(SQL, "c2"),
            result("1 row", "c2"),
        ],
        [SQL],
        "",
    ),
    "another tool that fails": (
        [
            user(ASK),
            call(SQL),
            result("1 row"),
            assistant(
                None, tool_calls=[{"id": "p", "function": {"name": "plot", "arguments": "{}"}}]
            ),
            result("Error: no display", "p"),
        ],
        [SQL],
        "",
    ),
    "several statements": (
        [user(ASK), assistant(f"```sql\n{SQL}\n```\nor\n```sql\n{OTHER}\n```")],
        [],
        "the answer holds several statements",
    ),
    "words": ([user(ASK), assistant("Which town?")], [], "no SQL in the answer"),
    "silence": ([user(ASK)], [], "the question has no answer"),
    "an answer to nothing": ([assistant(TOLD)], [], "an answer before any question"),
    "a picture": ([user([{"type": "image_url"}])], [], "the user's turn holds no text"),
    "feedback on nothing": (
        [{"role": "feedback", "rating": "down"}],
        [],
        "feedback before any question",
    ),
}


@pytest.mark.parametrize("case", JUDGED)
def test_which_answer_counts_and_why_not_the_others(case: str, tmp_path: Path) -> None:
    turns, pairs, why = JUDGED[case]
    said = messages(tmp_path, *turns)
    assert [sql for _, sql in kept(said)] == pairs
    assert any(reason.startswith(why) for reason in reasons(said)) if why else not reasons(said)
    assert not any(isinstance(each, Unread) and each.is_fault for each in said)


def test_rows_that_speak_of_errors_are_no_error(tmp_path: Path) -> None:
    for rows in ("MESSAGE\nORA-00942: table", '{"status": "shipped"}', "ERROR_COUNT\n5"):
        said = messages(tmp_path, user(ASK), call(SQL), result(rows))
        assert kept(said) == [(ASK, SQL)]


def test_questions_before_an_answer_are_one(tmp_path: Path) -> None:
    said = messages(tmp_path, user("Which shops?"), user("The open ones."), assistant(TOLD))
    assert kept(said) == [("Which shops?\nThe open ones.", SQL)]


FAULTS: dict[str, tuple[object, str]] = {
    "no turns": ({"id": 1}, "no list of messages or conversations"),
    "a role nobody knows": (
        {"messages": [{"role": "king", "content": "x"}]},
        "the turn's role is 'king'",
    ),
    "a turn that is text": ({"messages": ["hello"]}, "a turn is 'hello'"),
    "a content that is a number": ({"messages": [user(5)]}, "content is '5'"),
    "calls that are text": (
        {"messages": [user(ASK), assistant(TOLD), assistant("", tool_calls="x")]},
        "tool_calls is 'x'",
    ),
    "a schema that is a number": ({"schema_id": 3, "messages": []}, "schema_id is '3'"),
    "a thumb down that reaches nobody": (
        {"messages": [{"role": "feedback", "turn_id": "t9", "rating": "down"}]},
        "feedback on 't9', and no such turn stands before it",
    ),
    "a correction of nothing": (
        {"messages": [user("open ones", corrects="t9")]},
        "it corrects 't9', and none such stands before it",
    ),
    "a record that is text": ({"provenance": "x", "messages": []}, "provenance is 'x'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_conversation_that_cannot_be_read_is_a_fault(fault: str, tmp_path: Path) -> None:
    conversation, reason = FAULTS[fault]
    one, *_ = found(tmp_path, conversation)
    assert isinstance(one, Unread)
    assert one.is_fault
    assert one.reason.startswith(reason)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "role from type content value text sql tool_calls function arguments id message rating"
                " status error result timestamp question answer corrects model schema_id".split()
            ),
            inner | st.sampled_from(["user", "assistant", "tool", "feedback", SQL, TOLD]),
            max_size=6,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(
    turns=st.lists(JSON, max_size=5), key=st.sampled_from(["messages", "conversations", "turns"])
)
def test_whatever_a_line_holds_each_place_is_said(
    turns: list[Any], key: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for one in found(tmp_path_factory.mktemp("chat"), {key: turns}):
        assert one.where
        if isinstance(one, Draft):
            assert one.question.strip()
            assert one.sql.strip()
            assert bool(one.provenance.get("excluded")) == bool(
                one.provenance.get("exclusion_reason")
            )
        else:
            assert one.reason


DDL = "CREATE TABLE shop (id NUMBER(6) PRIMARY KEY, name VARCHAR2(20), is_open NUMBER(1));"


def test_a_chat_becomes_a_dataset(tmp_path: Path) -> None:
    chats: list[dict[str, Any]] = [
        {
            "id": f"chat-{n}",
            "model": "m1",
            "timestamp": "2026-05-02T14:10:00Z",
            "messages": [
                user(f"Name of {n}?"),
                assistant(f"SELECT name FROM shop WHERE id = {n}"),
                user("Thanks!"),
                assistant("You are welcome."),
            ],
        }
        for n in range(1, 9)
    ]
    chats[0]["messages"][1]["feedback"] = "thumbs_down"
    path = tmp_path / "chats.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in chats))
    (tmp_path / "shop.sql").write_text(DDL)
    (tmp_path / "rows.json").write_text(
        json.dumps({"shop": [{"id": n, "name": "x", "is_open": 1} for n in range(1, 9)]})
    )
    conf = compose(
        [
            "data=chat",
            f"data.path={path}",
            f"data.ddl={tmp_path / 'shop.sql'}",
            f"data.rows={tmp_path / 'rows.json'}",
            f"outputs_dir={tmp_path / 'outputs'}",
        ]
    )
    dataset = find_or_build(conf, lambda done, total: None)
    assert dataset.stats["rejected"] == {"read": 8, "provenance": 1}
    assert dataset.stats["counts"]["executed"] == 7
    assert dataset.stats["counts"]["read"] == 16
    pairs = [*dataset.train_pairs(), *(p for suite in dataset.suites().values() for p in suite)]
    assert {pair.provenance["source_session_id"] for pair in pairs} <= {
        f"chat-{n}" for n in range(2, 9)
    }
    rejected = list(read_jsonl(dataset.folder / "rejected.jsonl"))
    assert [row["reason"] for row in rejected if row["stage"] == "provenance"] == [
        "feedback is thumbs_down"
    ]
    assert rejected[0]["where"] == "chats.jsonl:1 turn 2"


def test_a_chat_without_sql_says_so(tmp_path: Path) -> None:
    path = tmp_path / "chats.jsonl"
    path.write_text(json.dumps({"messages": [user("Hi"), assistant("Hello")]}))
    (tmp_path / "shop.sql").write_text(DDL)
    conf = compose(
        [
            "data=chat",
            f"data.path={path}",
            f"data.ddl={tmp_path / 'shop.sql'}",
            f"outputs_dir={tmp_path}",
        ]
    )
    with pytest.raises(UserError, match=r"none is left(.|\n)*1 x read: no SQL in the answer"):
        find_or_build(conf, lambda done, total: None)
    with pytest.raises(UserError, match=r"data\.zone='Moon' is no time zone"):
        compose(["data=chat", f"data.path={path}", "data.zone=Moon"])
