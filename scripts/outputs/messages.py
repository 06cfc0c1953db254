"""Reads messages as their receivers would."""

import collections
import json
import re


def format_of(text):
    """Which format a message is in."""
    text = text.lstrip("\ufeff")
    if text.startswith("CEF:0|"):
        return "cef"
    head = text[:40]
    if '"@timestamp"' in head:
        return "ecs"
    return "ocsf" if head.startswith('{"time":') else "eve"


def cef_fields(text):
    """The fields of a CEF extension."""
    extension = re.split(r"(?<!\\)\|", text, maxsplit=7)[7]
    return dict(re.findall(r"(\w+)=((?:\\.|[^\\=])*)(?=\s\w+=|$)", extension))


def event_id(form, text):
    """The identifier that a message carries within."""
    if form == "cef":
        return cef_fields(text)["externalId"]
    value = json.loads(text)
    if form == "ecs":
        return value["event"]["id"]
    if form == "ocsf":
        return value["metadata"]["uid"]
    if "alert" in value:
        return value["alert"]["context"]["leptonnet"]["event_id"]
    return next(bit.removeprefix("leptonnet.event.") for bit in value["metadata"]["flowbits"])


def validate_ocsf(path):
    """What the schema of OCSF 1.8 has against all findings and a thousand flows: their number, and the faults."""
    try:
        import jsonschema
        from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
    except ImportError:
        return 0, "is not installed: python3 -m pip install ocsf-json-schema jsonschema"
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version="1.8.0"))
    names = {2004: "detection_finding", 4001: "network_activity"}
    judges = {number: jsonschema.Draft202012Validator(schema.get_class_schema(name)) for number, name in names.items()}
    faults = collections.Counter()
    lines = path.read_text().splitlines()
    findings = [line for line in lines if '"class_uid":2004' in line]
    flows = [line for line in lines if '"class_uid":4001' in line]
    lines = findings + flows[::max(1, len(flows) // 1000)]
    for line in lines:
        value = json.loads(line)
        for error in judges[value["class_uid"]].iter_errors(value):
            faults[error.message[:200]] += 1
    return len(lines), dict(faults)
