"""A record as YAML: read with the line of every field, written as a person would.

The parser is libyaml's; texts are resolved by the YAML 1.2 core rules, so "no" and dates stay texts.
A syntax error costs the item in which it stands, and the rest of the file is still read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from insulinoma.errors import Fault
from insulinoma.record.tree import Place, Tree, decode, read_bytes, scalar

MOST_BEGINNINGS = 100_000
MOST_NODES = 1_000_000
MOST_REPEATED = 10_000
MOST_SYNTAX_ERRORS = 50
DEEPEST = 40
_CORE_TAGS = {
    "tag:yaml.org,2002:" + name
    for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
}
_ITEM = re.compile(r"(?P<indent> *)(?:- |[A-Za-z_]+:)")


def read_yaml(path: Path) -> Tree:
    """The tree of a YAML file, with all that could not be read as faults; InputError if nothing could."""
    return parse_yaml(decode(read_bytes(path), path.name), path.name)


def parse_yaml(text: str, file: str) -> Tree:
    """The tree of a YAML text."""
    tree = Tree(file)
    refused = refusal(text)
    if refused is not None:
        line, kind, problem, expected = refused
        remedy = "Leave out what is no part of a record." if kind == "size" else "Write the record out without it."
        tree.faults.append(Fault(file, line, "", kind, problem, expected, remedy))
        return tree
    root = _compose(text, tree)
    if root is not None:
        _Builder(tree).build(root)
    return tree


def refusal(text: str) -> tuple[int, str, str, str] | None:
    """Why a text is not even given to the parser: control characters, or size or nesting that would exhaust it."""
    beginnings = sum(text.count(sign) for sign in "\n,[{")
    if beginnings > MOST_BEGINNINGS:
        lines = text.count("\n") + 1
        problem = f"the text is too large: {lines:,} lines with {beginnings:,} line ends, commas and opening brackets"
        return 1, "size", problem, f"at most {MOST_BEGINNINGS:,} of these; a record has some hundreds"
    control = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        return (
            line,
            "control character",
            f"the character U+{ord(control[0]):04X} cannot be in a text file",
            "printable text",
        )
    depth = 0
    for match in re.finditer(rf"[\[\]{{}}]|(?:- ){{{DEEPEST},}}|\n {{{8 * DEEPEST},}}\S", text):
        depth += 1 if match[0] in "[{" else -1 if match[0] in "]}" else DEEPEST
        depth = max(depth, 0)
        if depth >= DEEPEST:
            line = text.count("\n", 0, match.end()) + 1
            return line, "nesting", "the text is nested too deeply", f"at most {DEEPEST} levels"
    return None


def _compose(text: str, tree: Tree) -> yaml.Node | None:
    lines = text.split("\n")
    for _ in range(min(MOST_SYNTAX_ERRORS, MOST_BEGINNINGS // len(lines))):
        try:
            return yaml.compose("\n".join(lines), Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            line = _line_of(error)
            lost = _blank_item(lines, min(line, len(lines) - 1))
            tree.faults.append(_syntax_fault(tree.file, line, str(error.problem), lost))
            if not lost:
                return None
        except yaml.YAMLError as error:
            tree.faults.append(_syntax_fault(tree.file, 0, str(error), ""))
            return None
    return None


def _line_of(error: yaml.MarkedYAMLError) -> int:
    """The line where the mistake began: an open quote or bracket is noticed only further down."""
    opened = error.context_mark is not None and re.search("quoted|flow", str(error.context))
    mark = error.context_mark if opened else error.problem_mark
    return mark.line if mark else 0


def _syntax_fault(file: str, line: int, problem: str, lost: str) -> Fault:
    remedy = f"Indent with spaces, close quotes and brackets, quote texts that hold ': '. {lost}"
    return Fault(file, line + 1, "", "syntax", f"not YAML: {problem}", "valid YAML", remedy.strip())


def _blank_item(lines: list[str], line: int) -> str:
    """Empties the item around a line so that the rest can be read; says which lines were lost."""
    start = line
    while start > 0 and not (lines[start].strip() and _ITEM.match(lines[start])):
        start -= 1
    found = _ITEM.match(lines[start])
    indent = len(found["indent"]) if found else 0
    while start > 0 and indent > 0 and not re.match(rf" {{0,{indent}}}- ", lines[start]):
        start -= 1
        above = _ITEM.match(lines[start])
        indent = min(indent, len(above["indent"])) if above else indent
    end = start + 1
    while end < len(lines) and not ((next_item := _ITEM.match(lines[end])) and len(next_item["indent"]) <= indent):
        end += 1
    if not any(lines[index].strip() for index in range(start, end)):
        return ""
    lines[start:end] = [""] * (end - start)
    return f"Lines {start + 1} to {end} were not read."


class _Builder:
    """Turns parser nodes into data, counting what aliases expand to."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.count = 0

    def build(self, root: yaml.Node) -> None:
        """Fills the tree from the root node."""
        try:
            if repeated(root) > MOST_REPEATED:
                raise OverflowError
            self.tree.data = self._value(root, ())
        except OverflowError:
            self.tree.data = None
            problem = "aliases expand without bound, or there are too many values"
            expected = f"at most {MOST_REPEATED} values by alias, {MOST_NODES} in all, {DEEPEST} levels deep"
            self.tree.faults.append(Fault(self.tree.file, 1, "", "alias bomb", problem, expected, "Write them out."))

    def _value(self, node: yaml.Node, path: Place) -> Any:
        self.count += 1
        if self.count > MOST_NODES or len(path) > DEEPEST:
            raise OverflowError
        self.tree.lines.setdefault(path, node.start_mark.line + 1)
        if node.tag not in _CORE_TAGS:
            self._fault(path, "tag", f"the tag {node.tag} is not allowed", "plain values")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*path, index)) for index, item in enumerate(node.value)]
        return node.value if getattr(node, "style", None) else scalar(node.value)

    def _mapping(self, node: yaml.MappingNode, path: Place) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._fault(path, "field name", "a list or mapping stands as the name of a field", "a name")
                continue
            key = str(key_node.value)
            here = (*path, key)
            if key in built:
                first = self.tree.fault(here, "duplicate key", f"{key!r} stands twice", "each field once")
                remedy = f"The first is on line {first.line}."
                self.tree.faults.append(replace(first, line=key_node.start_mark.line + 1, remedy=remedy))
                continue
            self.tree.lines[here] = key_node.start_mark.line + 1
            built[key] = self._value(value_node, here)
        return built

    def _fault(self, path: Place, kind: str, problem: str, expected: str) -> None:
        self.tree.faults.append(self.tree.fault(path, kind, problem, expected))


def repeated(root: yaml.Node) -> int:
    """How many values stand in a tree by alias only, counted without expanding it; without end for a cycle.

    >>> repeated(yaml.compose("[&a [x, y], *a]"))
    3
    """
    sizes: dict[int, int] = {}
    waiting: list[tuple[yaml.Node, bool]] = [(root, False)]
    while waiting:
        node, ready = waiting.pop()
        below = [] if isinstance(node, yaml.ScalarNode) else _below(node)
        if ready:
            # What still has no size contains this node: a cycle.
            sizes[id(node)] = min(1 + sum(sizes.get(id(item)) or MOST_NODES for item in below), 10**9)
        elif id(node) not in sizes:
            sizes[id(node)] = 0
            waiting.append((node, True))
            waiting += [(item, False) for item in below]
    return sizes[id(root)] - len(sizes)


def _below(node: yaml.Node) -> list[yaml.Node]:
    """The nodes directly below one."""
    if isinstance(node, yaml.MappingNode):
        return [item for pair in node.value for item in pair]
    return list(node.value)


def write_yaml(data: dict[str, Any]) -> str:
    """Plain data of a record as YAML text, in the order of its fields."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


class _Dumper(yaml.SafeDumper):
    """Quotes what would be read back as something else."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if isinstance(scalar(text), str) else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
