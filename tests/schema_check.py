#!/usr/bin/env python3
"""Checks JSON files against a schema of docs/schemas.

    schema_check.py SCHEMA FILE…     prints each violation; exit 0 all valid, 1 not, 2 usage or python3-jsonschema missing

Stricter than the schema says: keys that the schema does not list are violations too, so that a new key of a writer cannot be
forgotten here. Readers of reports, in contrast, ignore unknown keys.
"""

import json
import sys


def closed(schema):
    """The schema with every object that lists properties closed to others."""
    if isinstance(schema, list):
        return [closed(x) for x in schema]
    if not isinstance(schema, dict):
        return schema
    out = {k: closed(v) for k, v in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        out.setdefault("additionalProperties", False)
    return out


def violations(schema, document):
    """Texts "path: problem", in document order."""
    import jsonschema
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(closed(schema))
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document)]


def main(arguments):
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    with open(arguments[0], encoding="utf-8") as file:
        schema = json.load(file)
    status = 0
    for path in arguments[1:]:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        for text in violations(schema, document):
            print(f"{path}: {text}")
            status = 1
    return status


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ImportError as error:
        print(f"schema_check.py: {error}; install python3-jsonschema", file=sys.stderr)
        sys.exit(2)
