"""Logs and exports of conversations about one schema, small."""

import json
from collections.abc import Iterator
from typing import Any

DDL = """\
CREATE TABLE shop (
  shop_id NUMBER(6) PRIMARY KEY, name VARCHAR2(40) NOT NULL, city VARCHAR2(40), is_open NUMBER(1) NOT NULL
);
CREATE TABLE sale (
  sale_id NUMBER(6) PRIMARY KEY, shop_id NUMBER(6) REFERENCES shop, sold DATE NOT NULL, amount NUMBER(8,2)
);
"""
CITIES = ("Vienna", "Graz", "Linz", "Salzburg")
ROWS = {
    "shop": [
        {"shop_id": n, "name": f"Shop {n}", "city": CITIES[n % 4], "is_open": n % 3 and 1}
        for n in range(1, 13)
    ],
    "sale": [
        {
            "sale_id": n,
            "shop_id": n % 12 + 1,
            "sold": f"2026-0{n % 6 + 1}-{n % 27 + 1:02d} 00:00:00",
            "amount": n * 3.25,
        }
        for n in range(1, 81)
    ],
}


NUM_SESSIONS = 12


def time(session: int, step: int) -> str:
    return f"2026-05-{session + 1:02d}T14:{step // 60:02d}:{step % 60:02d}Z"


def session(number: int) -> Iterator[dict[str, Any]]:
    """Four questions: one at once, one that fails first, one that is corrected, one that is rejected or gets words."""
    city, amount = CITIES[number % 4], number * 7 + 3
    others = f"SELECT name FROM shop WHERE city = '{city}' AND shop_id <> {number}"
    said = [
        {"type": "session_start", "model": "hermes4:14b", "schema_id": ""},
        {"role": "user", "content": f"Which shops are in {city}, apart from shop {number}?"},
        {"role": "assistant", "content": f"```sql\n{others}\n```"},
        {"role": "user", "content": f"How much did shop {number} sell?"},
        {"role": "assistant", "sql": f"SELECT SUM(amout) FROM sale WHERE shop_id = {number}"},
        {"role": "tool", "content": 'ORA-00904: "AMOUT": invalid identifier'},
        {"role": "assistant", "sql": f"SELECT SUM(amount) FROM sale WHERE shop_id = {number}", "id": f"a{number}"},
        {"role": "tool", "content": "SUM(AMOUNT)\n812.5"},
        {"role": "feedback", "turn_id": f"a{number}", "rating": "up"},
        {"role": "user", "content": f"Sales above {amount}?"},
        {"role": "assistant", "sql": f"SELECT * FROM sale WHERE amount > {amount}", "id": f"b{number}"},
        {"role": "user", "content": f"Only how many sales were above {amount}.", "corrects": f"b{number}"},
        {"role": "assistant", "sql": f"SELECT COUNT(*) FROM sale WHERE amount > {amount}"},
        {"role": "user", "content": f"And the first sale of shop {number}?"},
    ]  # fmt: skip
    if number % 2:
        said += [
            {"role": "assistant", "sql": f"SELECT MAX(sold) FROM sale WHERE shop_id = {number}", "id": f"c{number}"},
            {"role": "feedback", "turn_id": f"c{number}", "rating": "down"},
        ]  # fmt: skip
    else:
        said += [{"role": "assistant", "content": "I am not sure which date you mean."}]
    for step, one in enumerate(said):
        yield {"session_id": f"agent-{number:03d}", **one, "timestamp": time(number, step)}


def conversations() -> Iterator[dict[str, Any]]:
    """Each second as OpenAI's messages with tool calls, the others as ShareGPT's."""
    for number in range(1, NUM_SESSIONS + 1):
        city = CITIES[number % 4]
        first = f"SELECT COUNT(*) FROM shop WHERE city = '{city}' AND shop_id > {number}"
        deletion = f"DELETE FROM shop WHERE shop_id > {number} AND is_open = 0"
        too_many = f"SELECT name FROM shop WHERE city = '{city}' AND shop_id > {number}"
        second = (
            f"SELECT name FROM shop WHERE city = '{city}' AND is_open = 1 AND shop_id > {number}"
        )
        asked = [
            f"How many shops behind {number} are in {city}?",
            f"Which of those behind {number} are open?",
        ]
        about = {"id": f"chat-{number:03d}", "model": "analysts", "timestamp": time(number, 0)}
        if number % 2:
            call = {"name": "run_sql", "arguments": json.dumps({"sql": first})}
            yield {
                **about,
                "messages": [
                    {"role": "system", "content": "You answer with Oracle SQL."},
                    {"role": "user", "content": asked[0]},
                    {"role": "assistant", "content": None,
                     "tool_calls": [{"id": "c1", "type": "function", "function": call}]},
                    {"role": "tool", "tool_call_id": "c1", "content": "COUNT(*)\n2"},
                    {"role": "assistant", "content": "Two."},
                    {"role": "user", "content": asked[1]},
                    {"role": "assistant", "content": f"These:\n```sql\n{second}\n```"},
                    {"role": "user", "content": "Delete the closed ones."},
                    {"role": "assistant", "content": f"```sql\n{deletion}\n```"},
                ],
            }  # fmt: skip
        else:
            yield {
                **about,
                "conversations": [
                    {"from": "human", "value": asked[0]},
                    {"from": "gpt", "value": f"```sql\n{too_many}\n```"},
                    {"from": "human", "value": asked[0]},
                    {"from": "gpt", "value": f"```sql\n{first}\n```"},
                    {"from": "human", "value": asked[1]},
                    {"from": "gpt", "value": f"```sql\n{second}\n```", "feedback": "up"},
                    {"from": "human", "value": "Thank you!"},
                    {"from": "gpt", "value": "You are welcome."},
                ],
            }  # fmt: skip
