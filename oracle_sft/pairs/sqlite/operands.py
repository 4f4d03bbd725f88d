"""What stands beside an operator: in brackets where it must, and only there."""

from sqlglot import exp

from oracle_sft.pairs.sqlite.values import call, is_literal


def inside(node: exp.Expr, connector: exp.Connector) -> exp.Expr:
    """One side of AND or OR."""
    mixes = isinstance(node, exp.Connector) and not isinstance(node, type(connector))
    return exp.Paren(this=node) if mixes else node


def left_operand(node: exp.Expr, operator: exp.Expr) -> exp.Expr:
    """A left operand: brackets only where the operator would take its right part away."""
    products = (exp.Mul, exp.Div)
    binds = isinstance(node, products) or not isinstance(operator, products)
    return node if binds and isinstance(node, _ARITHMETIC) else operand(node)


_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div)


def operand(node: exp.Expr) -> exp.Expr:
    """In brackets, if it has operators that could be taken for those around it."""
    is_simple = not isinstance(node, exp.Binary | exp.Unary | exp.Predicate) or isinstance(
        node, exp.Paren | exp.Neg
    )
    is_simple = is_simple or isinstance(node, exp.Column | exp.DPipe)
    return node if is_simple else exp.Paren(this=node)


def divisor(node: exp.Expr) -> exp.Expr:
    """NULL for zero: what SQLite divides by zero is NULL."""
    if is_literal(node, string=False) and node.name.strip("0."):
        return node
    return call("NULLIF", node, exp.Literal.number(0))
