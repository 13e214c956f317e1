#!/usr/bin/env python3
"""Writes properties.txt, the table of Unicode properties beside this script, from the files of the Unicode Character Database.

    apt-get install unicode-data && python3 renew-properties.py [/usr/share/unicode]

One property a line: its kind, its names with = between them, and its ranges in ascending order. A range is the distance from the end of the
one before, and behind a + how many characters more than one it has, both hexadecimal.
"""
import collections
import os
import re
import sys

ROOT = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode"
PROPERTIES = ["Other_Alphabetic", "Other_Lowercase", "Other_Uppercase"]
EMOJI = ["Emoji", "Emoji_Presentation", "Emoji_Modifier", "Emoji_Modifier_Base", "Emoji_Component", "Extended_Pictographic"]
BREAKS = ["Prepend", "Control", "Extend", "SpacingMark"]


def rows(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        for line in file:
            fields = [field.strip() for field in line.split("#")[0].split(";")]
            if len(fields) > 1:
                yield fields


def ranges(name):
    """The ranges of each value of a file whose first column is a range."""
    found = collections.defaultdict(list)
    for fields in rows(name):
        first, _, last = fields[0].partition("..")
        found[fields[1]].append((int(first, 16), int(last or first, 16)))
    return found


def write(kind, names, spans, out):
    text, end, merged = [], 0, []
    for first, last in sorted(spans):
        if merged and merged[-1][1] + 1 == first:
            merged[-1][1] = last
        else:
            merged.append([first, last])
    for first, last in merged:
        text.append(f"{first - end:X}" + (f"+{last - first:X}" if last > first else ""))
        end = last + 1
    out.append(f"{kind} {'='.join(names)} {' '.join(text)}\n")


out = []
aliases = {fields[2]: [name for name in dict.fromkeys(fields[1:4])] for fields in rows("PropertyValueAliases.txt") if fields[0] == "sc"}
short = {fields[1]: fields[2] for fields in rows("PropertyValueAliases.txt") if fields[0] == "sc"}
scripts = ranges("Scripts.txt")
for name in sorted(scripts):
    write("script", [name, *(alias for alias in aliases[name] if alias != name)], scripts[name], out)

# Characters that several scripts use: they belong to each of these, and not to the script of their own that the table above gives.
shared = collections.defaultdict(list)
for names, spans in ranges("ScriptExtensions.txt").items():
    for name in names.split():
        shared[short[name]] += spans
for name in sorted(shared):
    write("shared", [name], shared[name], out)
for kind, file, wanted in [("property", "PropList.txt", PROPERTIES), ("property", "emoji/emoji-data.txt", EMOJI), ("break", "auxiliary/GraphemeBreakProperty.txt", BREAKS)]:
    found = ranges(file)
    for name in wanted:
        write(kind, [name], found[name], out)
for name, spans in ranges("Blocks.txt").items():
    write("block", [re.sub(r"[^A-Za-z0-9]", "_", name)], spans, out)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "properties.txt"), "w", encoding="ascii") as file:
    file.write("# Unicode 15.0, from the Unicode Character Database, Copyright (c) 1991-2022 Unicode, Inc. Made by renew-properties.py.\n")
    file.writelines(out)
