#!/usr/bin/env python3
"""validate_json.py SCHEMA FILE...: each file must be valid under the schema, and name no field that it does not have."""
import json
import sys

import jsonschema


def closed(schema):
    """The schema with no other fields than its own: users' readers ignore new ones, our tests don't."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {key: closed(value) for key, value in schema.items()}
    if schema.get("type") == "object" and isinstance(schema.get("properties"), dict):
        copy["additionalProperties"] = False
    return copy


with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(closed(schema))
wrong = 0
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        for error in validator.iter_errors(json.load(file)):
            print(f"{path}: {error.json_path}: {error.message[:300]}")
            wrong += 1
sys.exit(1 if wrong or len(sys.argv) < 3 else 0)
