"""The words of the demo: each table and column of schema.sql with what a question calls it."""

from dataclasses import dataclass
from typing import Literal

ColumnKind = Literal["key", "text", "choice", "number", "date"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its wordings. `{v}` stands for a value, `{op}` for 'above', 'at most', ..."""

    name: str
    kind: ColumnKind
    phrases: tuple[str, ...] = ()
    """What a question calls the column; without any, its name with blanks."""
    where: tuple[str, ...] = ()
    """Wordings of a condition beside 'with <column> {v}' and 'whose <column> is {v}'."""
    verb: str = ""
    """Dates only: what happened, as in 'orders placed in May 2024'."""
    timed: bool = False
    """Dates only: its values have a time of day."""
    step: float = 0
    """Numbers only: thresholds are multiples of it."""
    missing: tuple[str, ...] = ()
    """Wordings of `IS NULL`, where 'without <column>' is not the natural one."""

    @property
    def called(self) -> tuple[str, ...]:
        return self.phrases or (self.name.replace("_", " "),)


@dataclass(frozen=True, slots=True)
class Entity:
    table: str
    alias: str
    nouns: tuple[str, ...]
    one: str
    columns: tuple[Column, ...]


SHOPS = Entity(
    "shops", "s", ("shops", "stores"), "shop",
    (
        Column("shop_id", "key"),
        Column("name", "text"),
        Column("city", "choice", where=("in {v}", "located in {v}")),
        Column("region", "choice", where=("in the region {v}",)),
        Column("open_date", "date", verb="opened"),
    ),
)  # fmt: skip
EMPLOYEES = Entity(
    "employees", "e", ("employees", "staff"), "employee",
    (
        Column("employee_id", "key"),
        Column("shop_id", "key"),
        Column("manager_id", "key"),
        Column("name", "text"),
        Column("job", "choice", where=("working as {v}", "employed as {v}")),
        Column("salary", "number", ("salary", "pay"), ("earning {op} {v}",), step=100),
        Column("commission", "number", step=0.05),
        Column("hire_date", "date", verb="hired"),
    ),
)  # fmt: skip
CUSTOMERS = Entity(
    "customers", "c", ("customers", "clients"), "customer",
    (
        Column("customer_id", "key"),
        Column("name", "text"),
        Column("city", "choice", where=("in {v}", "from {v}", "living in {v}")),
        Column("email", "text", ("email", "mail address")),
        Column("vip", "choice", ("vip flag", "vip")),
        Column("birth_date", "date", verb="born"),
    ),
)  # fmt: skip
CATEGORIES = Entity(
    "categories", "c", ("categories",), "category",
    (Column("category_id", "key"), Column("parent_id", "key"), Column("name", "text")),
)  # fmt: skip
PRODUCTS = Entity(
    "products", "p", ("products", "articles"), "product",
    (
        Column("product_id", "key"),
        Column("category_id", "key"),
        Column("name", "text"),
        Column("brand", "choice", where=("of the brand {v}", "made by {v}")),
        Column("price", "number", where=("priced {op} {v}",), step=10),
        Column("cost", "number", step=5),
    ),
)  # fmt: skip
ORDERS = Entity(
    "orders", "o", ("orders",), "order",
    (
        Column("order_id", "key"),
        Column("customer_id", "key"),
        Column("shop_id", "key"),
        Column("employee_id", "key"),
        Column("order_date", "date", verb="placed", timed=True),
        Column("ship_date", "date", verb="shipped", timed=True, missing=("not yet shipped",)),
        Column("status", "choice", where=("that are {v}", "in status {v}")),
    ),
)  # fmt: skip
ORDER_LINES = Entity(
    "order_lines", "l", ("order lines",), "order line",
    (
        Column("order_id", "key"),
        Column("product_id", "key"),
        Column("quantity", "number", step=1),
        Column("price", "number", where=("priced {op} {v}",), step=10),
        Column("discount", "number", step=1),
    ),
)  # fmt: skip
REPAIRS = Entity(
    "repairs", "r", ("repairs", "repair jobs"), "repair",
    (
        Column("repair_id", "key"),
        Column("customer_id", "key"),
        Column("employee_id", "key"),
        Column("kind", "choice", where=("of kind {v}",)),
        Column("fee", "number", where=("charged {op} {v}",), step=5),
        Column("start_date", "date", verb="started", timed=True),
        Column("end_date", "date", verb="finished", timed=True, missing=("not yet finished",)),
    ),
)  # fmt: skip
PAYMENTS = Entity(
    "payments", "p", ("payments",), "payment",
    (
        Column("payment_id", "key"),
        Column("order_id", "key"),
        Column("amount", "number", step=10),
        Column("method", "choice", where=("paid by {v}",)),
        Column("pay_date", "date", verb="received", timed=True),
    ),
)  # fmt: skip

ENTITIES = (
    SHOPS, EMPLOYEES, CUSTOMERS, CATEGORIES, PRODUCTS, ORDERS, ORDER_LINES, REPAIRS, PAYMENTS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """A foreign key: many `child` rows point to one `parent` row."""

    child: Entity
    parent: Entity
    key: str
    """The same name on both sides."""
    role: str
    """What the child calls the parent: an order's employee is its seller."""


RELATIONS = (
    Relation(EMPLOYEES, SHOPS, "shop_id", "shop"),
    Relation(PRODUCTS, CATEGORIES, "category_id", "category"),
    Relation(ORDERS, CUSTOMERS, "customer_id", "customer"),
    Relation(ORDERS, SHOPS, "shop_id", "shop"),
    Relation(ORDERS, EMPLOYEES, "employee_id", "seller"),
    Relation(ORDER_LINES, PRODUCTS, "product_id", "product"),
    Relation(ORDER_LINES, ORDERS, "order_id", "order"),
    Relation(REPAIRS, CUSTOMERS, "customer_id", "customer"),
    Relation(REPAIRS, EMPLOYEES, "employee_id", "mechanic"),
    Relation(PAYMENTS, ORDERS, "order_id", "order"),
)
