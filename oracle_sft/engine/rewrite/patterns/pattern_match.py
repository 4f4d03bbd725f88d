"""What a regular expression matches, whichever rule an engine follows where there is a choice.

Oracle documents neither whether `a|ab` takes the first or the longest alternative nor how greedy
and non-greedy quantifiers of one pattern meet. Here it is decided for a pattern whether that makes a
difference: the possible rules are run side by side over every text, as automata.
"""

from oracle_sft.engine.rewrite.patterns.pattern_chars import CharSet
from oracle_sft.engine.rewrite.patterns.pattern_program import (
    END,
    MAX_STEPS,
    Program,
    Rule,
    State,
    TooLarge,
    after_letter,
    closure,
    compiled,
    cut,
    holds,
    letters_of,
)
from oracle_sft.engine.rewrite.patterns.pattern_syntax import (
    Anchor,
    Chars,
    Choice,
    Group,
    Node,
    Pattern,
    Repeat,
    Sequence,
    walk,
)

_MAX_STATES = 3000
"""Pairs of states that are looked at before the question counts as undecided."""


def _same_ends(pattern: Pattern, one: Program, two: Program, *, longest: bool = False) -> bool:
    """Whether two rules end every match at the same place; `longest`: the second one's rule is to
    take the longest match.
    """
    letters = letters_of(pattern)
    first = (len(one.steps) - 1,), (len(two.steps) - 1,)
    begins = ["", "\n", "x"] if _anchored(pattern) else [""]
    todo: list[tuple[State, State, str]] = [(*first, before) for before in begins]
    seen = set(todo)
    while todo:
        left, right, before = todo.pop()
        for letter in (END, *letters):
            ours = cut(one, closure(one, left, before, letter))
            theirs = closure(two, right, before, letter)
            if not longest:
                theirs = cut(two, theirs)
            if _ends(one, ours) != _ends(two, theirs):
                return False
            if letter == END:
                continue
            context = "\n" if letter == "\n" else "x"
            state = after_letter(one, ours, letter), after_letter(two, theirs, letter), context
            if (state[0] or state[1]) and state not in seen:
                if len(seen) > _MAX_STATES:
                    raise TooLarge
                seen.add(state)
                todo.append(state)
    return True


def _ends(program: Program, found: list[int]) -> bool:
    return any(program.steps[at] is None for at in found)


def _anchored(pattern: Pattern) -> bool:
    return any(isinstance(node, Anchor) for node in walk(pattern.root))


def _quantifiers(node: Node) -> list[Repeat]:
    return [part for part in walk(node) if isinstance(part, Repeat) and part.least != part.most]


def is_clear(pattern: Pattern) -> bool:
    """Whether every rule that Oracle may follow finds the same matches."""
    try:
        written = compiled(pattern, Rule())
        quantifiers = _quantifiers(pattern.root)
        if not any(entry.lazy for entry in quantifiers):
            return _same_ends(pattern, written, written, longest=True)
        others = [Rule(last_first=True)]
        if not all(entry.lazy for entry in quantifiers):
            others.append(Rule(lazy=quantifiers[0].lazy))
        return all(_same_ends(pattern, written, compiled(pattern, rule)) for rule in others)
    except TooLarge:
        return False


def may_be_empty(pattern: Pattern, *, before_end: bool = True) -> bool:
    """Whether an empty match is possible; `before_end`: somewhere before the end of the text."""
    try:
        program = compiled(pattern, Rule())
    except TooLarge:
        return True
    afters = letters_of(pattern) if before_end else [END, *letters_of(pattern)]
    start = (len(program.steps) - 1,)
    return any(
        _ends(program, closure(program, start, before, after))
        for before in ("", "\n", "x")
        for after in afters
    )


def begins_text(node: Node) -> bool:
    """Whether a match can only begin where the text does, so that there is at most one."""
    if isinstance(node, Anchor):
        return node.kind == "begin"
    if isinstance(node, Group):
        return begins_text(node.body)
    if isinstance(node, Sequence):
        return begins_text(node.parts[0])
    if isinstance(node, Choice):
        return all(begins_text(branch) for branch in node.branches)
    return False


def groups_are_clear(pattern: Pattern) -> bool:
    """Whether every rule gives the same subexpressions, too, in a pattern that is clear."""
    try:
        return _is_unambiguous(pattern) or _groups_follow(pattern.root)
    except TooLarge:
        return False


def _groups_follow(root: Node) -> bool:
    """Whether each part of a sequence tries its lengths from the longest on, or the shortest on.

    Then leftmost parts win under every rule. A quantifier of the other kind than the first one may
    only stand in the last part of variable length, which takes what is left.
    """
    for node in walk(root):
        if isinstance(node, Choice) and _holds_groups(node):
            return False
        unordered = isinstance(node, Sequence) and not all(map(_is_ordered, node.parts))
        if unordered and _holds_groups(node):
            return False
    while isinstance(root, Group):
        root = root.body
    parts = root.parts if isinstance(root, Sequence) else (root,)
    if not all(_is_ordered(part) for part in parts):
        return False
    kinds = [[entry.lazy for entry in _quantifiers(part)] for part in parts]
    varied = [kind for kind in kinds if kind]
    if not varied:
        return True
    first = varied[0][0]
    if any(lazy != first for kind in varied[:-1] for lazy in kind):
        return False
    return len(varied[-1]) == 1 or all(lazy == first for lazy in varied[-1])


def _holds_groups(node: Node) -> bool:
    return any(isinstance(part, Group) for part in walk(node))


def _is_ordered(node: Node) -> bool:
    if isinstance(node, Chars | Anchor) or length(node) is not None:
        return True
    if isinstance(node, Group):
        return _is_ordered(node.body)
    if isinstance(node, Repeat):
        return length(node.body) is not None or _has_one_length(node.body)
    if isinstance(node, Sequence):
        varied = [part for part in node.parts if length(part) is None]
        return len(varied) == 1 and _is_ordered(varied[0])
    return _has_one_length(node)


def length(node: Node) -> int | None:
    """How many characters the node always takes; None if that varies."""
    if isinstance(node, Chars):
        return 1
    if isinstance(node, Anchor):
        return 0
    if isinstance(node, Group):
        return length(node.body)
    if isinstance(node, Repeat):
        inner = length(node.body)
        return inner * node.least if inner is not None and node.least == node.most else None
    if isinstance(node, Sequence):
        lengths = [length(part) for part in node.parts]
        return None if None in lengths else sum(each or 0 for each in lengths)
    assert isinstance(node, Choice)
    found = {length(branch) for branch in node.branches}
    return found.pop() if len(found) == 1 else None


def _has_one_length(node: Node) -> bool:
    """Whether a match at a given place can only have one length, though that varies by text."""
    pattern = Pattern(node, 0)
    program = compiled(pattern, Rule())
    letters = letters_of(pattern)
    # A state after an ending may not come to another one.
    todo: list[tuple[State, bool, str]] = [((len(program.steps) - 1,), False, "")]
    seen = set(todo)
    while todo:
        state, ended, before = todo.pop()
        for letter in (END, *letters):
            found = closure(program, state, before, letter)
            now = _ends(program, found)
            if ended and now:
                return False
            if letter == END:
                continue
            following = tuple(sorted(set(after_letter(program, found, letter))))
            key = (following, ended or now, "\n" if letter == "\n" else "x")
            if following and key not in seen:
                if len(seen) > _MAX_STATES:
                    raise TooLarge
                seen.add(key)
                todo.append(key)
    return True


def _is_unambiguous(pattern: Pattern) -> bool:
    """Whether a given match can be divided among the parts of the pattern in one way only."""
    if any(
        isinstance(node, Repeat) and may_be_empty(Pattern(node.body, 0), before_end=False)
        for node in walk(pattern.root)
    ):
        return False
    program = compiled(pattern, Rule())
    letters = letters_of(pattern)
    begin = len(program.steps) - 1
    todo: list[tuple[int, int, bool, str]] = [
        (begin, begin, False, before) for before in ("", "\n", "x")
    ]
    seen = set(todo)
    while todo:
        left, right, apart, before = todo.pop()
        for letter in (END, *letters):
            ours = _paths(program, left, before, letter)
            theirs = ours if left == right else _paths(program, right, before, letter)
            for one in ours:
                for two in theirs:
                    differ = apart or (left == right and one != two)
                    ended = program.steps[one[1]] is None, program.steps[two[1]] is None
                    if differ and all(ended):
                        return False
                    if letter == END or any(ended):
                        continue
                    if not all(_takes(program, path[1], letter) for path in (one, two)):
                        continue
                    context = "\n" if letter == "\n" else "x"
                    state = (one[1] + 1, two[1] + 1, differ, context)
                    if state not in seen:
                        if len(seen) > _MAX_STATES:
                            raise TooLarge
                        seen.add(state)
                        todo.append(state)
    return True


def _takes(program: Program, at: int, letter: str) -> bool:
    step = program.steps[at]
    return isinstance(step, CharSet) and step.holds(letter)


def _paths(program: Program, start: int, before: str, after: str) -> list[tuple[int, int]]:
    """Each way from an instruction to the next that takes a character or ends: its number, its end.

    Two ways to one instruction are two entries.
    """
    found: list[tuple[int, int]] = []
    stack = [start]
    steps = 0
    while stack:
        steps += 1
        if steps > MAX_STEPS:
            raise TooLarge
        at = stack.pop()
        step = program.steps[at]
        if step is None or isinstance(step, CharSet):
            found.append((len(found), at))
        elif isinstance(step, list):
            stack.extend(step[::-1])
        elif holds(step, before, after):
            stack.append(at + 1)
    return found
