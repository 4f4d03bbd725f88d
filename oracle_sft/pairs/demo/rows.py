"""The rows of the demo schema: some thousands, the same for the same seed.

They are made to tell right from nearly right SQL: NULLs in every nullable column, equal values,
times of day, quotes and accents in names, hierarchies of four levels, and parents without children.
"""

from datetime import datetime, timedelta
from random import Random

SCHEMA_ID = "bikes"
CLOCK = datetime(2026, 1, 15, 9, 30)
"""What SYSDATE says while the demo's queries run."""

Rows = dict[str, list[dict[str, object]]]

_SHOPS = (
    ("Northgate Cycles", "Hamburg", "North"),
    ("Harbour Bikes", "Bremen", "North"),
    ("Fjord Wheels", "Oslo", "North"),
    ("Kanal Cycles", "Malmö", "North"),
    ("Central Bikes", "Berlin", "East"),
    ("Old Town Wheels", "Kraków", "East"),
    ("Pedal Point", "Leipzig", "East"),
    ("Velo Sol", "Valencia", "South"),
    ("Ciclo Duomo", "Milano", "South"),
    ("O'Connell Bikes", "Dublin", "West"),
    ("Rhine Riders", "Köln", "West"),
    ("Canal Street Bikes", "Utrecht", "West"),
    ("Web Shop", "Berlin", None),
    ("Lake Wheels", "Zürich", "South"),
)
_EMPTY_SHOP = 14
"""Opened last month: no staff, no orders yet."""

_CITIES = (
    *("Berlin", "Hamburg", "Bremen", "Leipzig", "Köln", "Oslo", "Bergen"),
    *("Malmö", "Kraków", "Praha", "Valencia", "Milano", "Torino", "Dublin"),
    *("Cork", "Utrecht", "Gent", "Lyon", "Zürich", "Graz"),
)
_FIRST = (
    "Anna Ben Clara David Ella Felix Greta Hugo Ines Jonas Karin Leo Marta Nils Olga Paul Rosa"
    " Simon Tara Uwe Vera Wim Yara Zoë José René Łucja Jürgen Chloé Sean"
)
_LAST = (
    "Adler Becker Costa Dahl Evans Fischer Garcia Hansen Ivanov Jansen Kowalski Lund Moreau Novak"
    " O'Brien Peeters Quist Rossi Silva Torres Urban Vogel Weber Zanetti Müller Núñez D'Angelo"
    " Sørensen Żak Byrne Keller Marin Olsen"
)
_CATEGORIES = """
Bikes
  Road bikes
    Racing bikes
      Aero bikes
      Climbing bikes
    Gravel bikes
  City bikes
    Folding bikes
    Cargo bikes
  Electric bikes
    E-trekking bikes
      E-touring bikes
    E-city bikes
Parts
  Wheels
    Rims
      Carbon rims
      Alloy rims
    Tyres
    Spokes
  Brakes
    Disc brakes
      Brake pads
    Rim brakes
  Drivetrain
    Chains
    Cassettes
Accessories
  Lights
    Front lights
    Rear lights
  Locks
  Bags
    Panniers
  Gift cards
"""
"""The tree of categories by indentation, two blanks a level."""
_EMPTY_CATEGORIES = ("Gift cards", "Spokes", "E-touring bikes")

_BRANDS = ("Alpina", "Borealis", "Corsa", "Dynamo", "Estrella", "Falke", "Gazzetta", "Helix")
_MODELS = (
    *("Swift", "Comet", "Breeze", "Summit", "Pulse", "Orbit", "Nova", "Ridge", "Flint", "Tempo"),
    *("Vista", "Zephyr", "Metro", "Arrow", "Delta", "Ember", "Quartz", "Raven", "Sierra", "Tundra"),
)
_STAFF_JOBS = ("Seller", "Mechanic", "Cashier", "Trainee")
_STATUS = ("open", "paid", "shipped", "shipped", "shipped", "shipped", "returned", "cancelled")
_KINDS = ("service", "brakes", "gears", "wheels", "frame", "battery")
_METHODS = ("card", "card", "card", "cash", "transfer", "voucher")

_CUSTOMERS, _PRODUCTS, _ORDERS, _REPAIRS = 420, 170, 950, 520


def demo_rows(seed: int = 0) -> Rows:
    """Rows by table, parents before children; dates as 'YYYY-MM-DD HH:MM:SS', None for NULL."""
    rng = Random(seed)
    rows: Rows = {"shops": _shops(rng)}
    rows["employees"] = _employees(rng)
    rows["customers"] = _customers(rng)
    rows["categories"] = _categories()
    rows["products"] = _products(rng, rows["categories"])
    rows["orders"] = _orders(rng, rows)
    rows["order_lines"] = _order_lines(rng, rows)
    rows["repairs"] = _repairs(rng, rows)
    rows["payments"] = _payments(rng, rows)
    return rows


def _day(rng: Random, first: str, last: str) -> datetime:
    start, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
    return start + timedelta(days=rng.randrange((end - start).days + 1))


def _moment(rng: Random, first: str, last: str) -> datetime:
    """A time within opening hours, now and then midnight exactly."""
    day = _day(rng, first, last)
    if rng.random() < 0.03:
        return day
    return day + timedelta(seconds=rng.randrange(8 * 3600, 20 * 3600))


def _said(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(sep=" ")


def _maybe(rng: Random, share_null: float, value: object) -> object:
    return None if rng.random() < share_null else value


def _shops(rng: Random) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for number, (name, city, region) in enumerate(_SHOPS, 1):
        opened = _day(rng, "2009-01-01", "2022-12-31")
        if number == _EMPTY_SHOP:
            opened = datetime(2025, 12, 1)
        row: dict[str, object] = {"shop_id": number, "name": name, "city": city, "region": region}
        rows.append({**row, "open_date": _said(opened)})
    return rows


def _names(rng: Random, count: int) -> list[str]:
    every = [f"{first} {last}" for first in _FIRST.split() for last in _LAST.split()]
    rng.shuffle(every)
    return every[:count]


def _employees(rng: Random) -> list[dict[str, object]]:
    """Chief executive, four regional managers, one manager a shop, their staff."""
    rows: list[dict[str, object]] = []
    names = _names(rng, 120)

    def hire(shop: int | None, manager: int | None, job: str, low: int, high: int) -> int:
        number = 100 + len(rows)
        salary = rng.randrange(low, high, 10)
        paid = job in ("Seller", "Shop manager") and rng.random() < 0.8
        rows.append(
            {
                "employee_id": number,
                "shop_id": shop,
                "manager_id": manager,
                "name": names[len(rows)],
                "job": job,
                "salary": salary,
                "commission": rng.choice((0.05, 0.1, 0.15, 0.2)) if paid else None,
                "hire_date": _said(_day(rng, "2012-01-01", "2025-11-30")),
            }
        )
        return number

    chief = hire(None, None, "Chief executive", 9800, 9900)
    regions = {
        region: hire(None, chief, "Regional manager", 5600, 6800)
        for region in ("North", "East", "South", "West")
    }
    for shop, (_, _, region) in enumerate(_SHOPS, 1):
        if shop == _EMPTY_SHOP:
            continue
        boss = regions[region] if region else chief
        manager = hire(shop, boss, "Shop manager", 3900, 5200)
        for place in range(rng.randrange(4, 9)):
            job = _STAFF_JOBS[place] if place < 2 else rng.choice(_STAFF_JOBS)
            low, high = (1500, 2000) if job == "Trainee" else (2300, 3800)
            hire(shop, manager, job, low, high)
    return rows


def _customers(rng: Random) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    names = _names(rng, _CUSTOMERS - 12)
    names += names[:12]  # namesakes: a name is not a key
    for number, name in enumerate(names, 1):
        plain = "".join(c for c in name.lower() if c.isascii() and c.isalpha())
        mail = f"{plain}{number}@mail.example"
        born = _day(rng, "1945-01-01", "2007-12-31")
        rows.append(
            {
                "customer_id": 1000 + number,
                "name": name,
                "city": _maybe(rng, 0.05, rng.choice(_CITIES)),
                "email": _maybe(rng, 0.2, mail),
                "vip": "Y" if rng.random() < 0.15 else "N",
                "birth_date": _maybe(rng, 0.1, _said(born)),
            }
        )
    return rows


def _categories() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    path: list[int] = []
    for line in _CATEGORIES.strip().splitlines():
        name = line.lstrip()
        del path[(len(line) - len(name)) // 2 :]
        number = 10 + len(rows)
        parent = path[-1] if path else None
        rows.append({"category_id": number, "parent_id": parent, "name": name})
        path.append(number)
    return rows


def _products(rng: Random, categories: list[dict[str, object]]) -> list[dict[str, object]]:
    parents = {row["parent_id"] for row in categories}
    leaves = [
        row
        for row in categories
        if row["category_id"] not in parents and row["name"] not in _EMPTY_CATEGORIES
    ]
    rows: list[dict[str, object]] = []
    taken = set()
    while len(rows) < _PRODUCTS:
        category = leaves[len(rows) % len(leaves)]
        bike = str(category["name"]).endswith("bikes")
        name = f"{rng.choice(_MODELS)} {rng.randrange(1, 10) * (100 if bike else 10)}"
        if name in taken:
            continue
        taken.add(name)
        price = rng.randrange(45, 480) * 10 - 1 if bike else rng.randrange(6, 180) - 0.1
        rows.append(
            {
                "product_id": 500 + len(rows),
                "category_id": category["category_id"],
                "name": name,
                "brand": _maybe(rng, 0.08, rng.choice(_BRANDS)),
                "price": round(price, 2),
                "cost": _maybe(rng, 0.15, round(price * rng.choice((0.4, 0.5, 0.55, 0.6)), 2)),
            }
        )
    return rows


def _orders(rng: Random, rows: Rows) -> list[dict[str, object]]:
    sellers: dict[object, list[object]] = {}
    for employee in rows["employees"]:
        if employee["job"] in ("Seller", "Shop manager"):
            sellers.setdefault(employee["shop_id"], []).append(employee["employee_id"])
    customers = [row["customer_id"] for row in rows["customers"]][:370]  # the others never bought
    orders: list[dict[str, object]] = []
    for number in range(1, _ORDERS + 1):
        shop = rng.choice((*range(1, 13), 13, 13))
        placed = _moment(rng, "2023-01-02", "2025-12-30")
        status = rng.choice(_STATUS)
        sent = placed + timedelta(days=rng.randrange(1, 12), seconds=rng.randrange(14400))
        orders.append(
            {
                "order_id": 5000 + number,
                "customer_id": rng.choice(customers),
                "shop_id": shop,
                "employee_id": None if shop == 13 else rng.choice(sellers[shop]),
                "order_date": _said(placed),
                "ship_date": _said(sent) if status in ("shipped", "returned") else None,
                "status": status,
            }
        )
    return orders


def _order_lines(rng: Random, rows: Rows) -> list[dict[str, object]]:
    products = rows["products"][:-9]  # the last ones were never sold
    lines: list[dict[str, object]] = []
    for order in rows["orders"]:
        for product in rng.sample(products, rng.choice((1, 1, 2, 2, 3, 4))):
            price = float(str(product["price"]))
            quantity = rng.choice((1, 1, 1, 2)) if price > 400 else rng.choice((1, 1, 2, 3, 4, 6))
            lines.append(
                {
                    "order_id": order["order_id"],
                    "product_id": product["product_id"],
                    "quantity": quantity,
                    "price": round(price * rng.choice((1, 1, 1, 0.95, 0.9)), 2),
                    "discount": _maybe(
                        rng, 0.6, rng.choice((2, 5, 10, 12.5, 20, 25) if price > 60 else (1, 2))
                    ),
                }
            )
    return lines


def _repairs(rng: Random, rows: Rows) -> list[dict[str, object]]:
    mechanics = [row["employee_id"] for row in rows["employees"] if row["job"] == "Mechanic"][:-2]
    customers = [row["customer_id"] for row in rows["customers"]][40:]
    repairs: list[dict[str, object]] = []
    for number in range(1, _REPAIRS + 1):
        start = _moment(rng, "2023-01-05", "2026-01-10")
        done = start + timedelta(days=rng.randrange(0, 15), seconds=rng.randrange(3600, 14400))
        finished = done < CLOCK and rng.random() < 0.9
        fee = _maybe(rng, 0.05, rng.randrange(15, 260) + rng.choice((0, 0, 0.5)))
        repairs.append(
            {
                "repair_id": 7000 + number,
                "customer_id": rng.choice(customers),
                "employee_id": _maybe(rng, 0.06, rng.choice(mechanics)),
                "kind": rng.choice(_KINDS),
                "fee": fee if finished else None,
                "start_date": _said(start),
                "end_date": _said(done) if finished else None,
            }
        )
    return repairs


def _payments(rng: Random, rows: Rows) -> list[dict[str, object]]:
    """Shipped, returned and paid orders are paid, one in eight in two parts."""
    worth: dict[object, float] = {}
    for line in rows["order_lines"]:
        due = float(str(line["price"])) * int(str(line["quantity"])) - float(
            str(line["discount"] or 0)
        )
        worth[line["order_id"]] = worth.get(line["order_id"], 0) + due
    payments: list[dict[str, object]] = []
    for order in rows["orders"]:
        if order["status"] in ("open", "cancelled"):
            continue
        total = round(worth[order["order_id"]], 2)
        first = round(total / 2, 2) if rng.random() < 0.12 else total
        for amount in [first] if first == total else [first, round(total - first, 2)]:
            moment = datetime.fromisoformat(str(order["order_date"])) + timedelta(
                days=rng.randrange(0, 9) + 30 * (amount is not first), minutes=rng.randrange(200)
            )
            if moment >= CLOCK:
                continue
            payments.append(
                {
                    "payment_id": 9001 + len(payments),
                    "order_id": order["order_id"],
                    "amount": amount,
                    "method": _maybe(rng, 0.04, rng.choice(_METHODS)),
                    "pay_date": _said(moment),
                }
            )
    return payments
