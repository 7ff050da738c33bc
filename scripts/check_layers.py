#!/usr/bin/env python3
"""Checks that no source file includes upward: the floors of the house, held to the one table in cmake/rooms.cmake.

    check_layers.py [ROOT]        ROOT is the project's folder (default: the one this script lies in)

A file of src/<room> may include its own room and the rooms reachable from it through `sentinel_<room>_needs`. Rooms must need
only rooms listed before them (so there are no circles), headers must not include each other in a circle, every folder of src/
must be a room, and main.cpp may include only the topmost room. Exit 0 when all holds, else 1 with one line for each breach.
"""

import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def read_rooms(table):
    """Room -> rooms it needs directly, in listed order."""
    text = re.sub(r"#.*", "", table.read_text(encoding="utf-8"))
    listed = re.search(r"set\(SENTINEL_ROOMS\s+([^)]*)\)", text)
    if not listed:
        raise SystemExit(f"{table}: no set(SENTINEL_ROOMS …)")
    needs = dict(re.findall(r"set\(sentinel_(\w+)_needs\s*([^)]*)\)", text))
    return {room: needs.get(room, "").split() for room in listed.group(1).split()}


def reachable(rooms):
    """Room -> all rooms it may include, itself apart; and what is wrong with the table."""
    seen, wrong = {}, []
    for room, needs in rooms.items():
        below = set()
        for need in needs:
            if need not in seen:
                wrong.append(f"cmake/rooms.cmake: {room} needs {need}, which is not listed before it")
            else:
                below |= {need} | seen[need]
        seen[room] = below
    return seen, wrong


def includes_of(path):
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            m = INCLUDE.match(line)
            if m:
                yield number, m.group(1)


def find_circle(graph):
    """A list of files that include each other in a circle, or None."""
    state, path = {}, []

    def visit(node):
        state[node] = "open"
        path.append(node)
        for following in graph.get(node, ()):
            if state.get(following) == "open":
                return path[path.index(following):] + [following]
            if following not in state:
                circle = visit(following)
                if circle:
                    return circle
        state[node] = "done"
        path.pop()
        return None

    for start in sorted(graph):
        if start not in state:
            circle = visit(start)
            if circle:
                return circle
    return None


def check(root):
    rooms = read_rooms(root / "cmake" / "rooms.cmake")
    allowed, wrong = reachable(rooms)
    top = list(rooms)[-1]
    src, graph = root / "src", {}
    for path in sorted(p for p in src.rglob("*") if p.suffix in {".h", ".cpp"}):
        name = path.relative_to(src)
        room = name.parts[0] if len(name.parts) > 1 else None
        if room is not None and room not in rooms:
            wrong.append(f"src/{name}: src/{room} is not a room of cmake/rooms.cmake")
            continue
        may = allowed[room] | {room} if room else {top}
        for line, target in includes_of(path):
            where = f"src/{name}:{line}"
            graph.setdefault(str(name), []).append(target)
            to = target.split("/")[0]
            if not (src / target).is_file():
                wrong.append(f'{where}: "{target}" is not a file of src/; write the path from src/, and <…> for libraries')
            elif to not in may:
                wrong.append(f'{where}: {room or "main.cpp"} may not include {to} ("{target}")')
    circle = find_circle(graph)
    if circle:
        wrong.append("headers include each other in a circle: " + " -> ".join(circle))
    return wrong


def main():
    here = pathlib.Path(__file__).resolve().parent.parent
    wrong = check(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here)
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
