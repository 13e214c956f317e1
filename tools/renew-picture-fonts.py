#!/usr/bin/env python3
"""Makes the fonts of the preview pictures from those of the page, which the library that draws cannot read (WOFF2, variable).

Needs fontTools and Brotli (Debian: python3-fonttools python3-brotli). One TTF for each weight, Latin and Latin Extended together, without hints
and without what is only for shaping; the distances of pairs of letters are kept in the old table "kern", which is all that is read.
"""
import pathlib
from fontTools import merge, subset
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._k_e_r_n import KernTable_format_0
from fontTools.varLib import instancer

ROOT = pathlib.Path(__file__).resolve().parent.parent
FONTS = ROOT / "wwwroot-assets" / "fonts"
TARGET = ROOT / "src" / "LmPlayground.Web" / "Viewing" / "Pictures"
WEIGHTS = {"Roboto-Regular.ttf": 400, "Roboto-SemiBold.ttf": 600}
# Letters, digits and signs: pairs beyond these would make the table larger than the letters.
KERNED = [chr(code) for code in range(0x21, 0x7F)] + list("‘’“”–—…")
TEMPORARY = TARGET / "unfinished.ttf"


def part(name, weight, keep):
    font = instancer.instantiateVariableFont(TTFont(FONTS / name), {"wght": weight})
    kerning = pairs(font)
    options = subset.Options(hinting=False, layout_features=[], drop_tables=["GSUB", "GPOS", "GDEF", "STAT", "gasp"], name_IDs=[0, 1, 2, 13, 14])
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=[code for code in font.getBestCmap() if keep(code)])
    chosen.subset(font)
    font.save(TEMPORARY)
    return TTFont(TEMPORARY, lazy=False), kerning


def pairs(font):
    """The horizontal distance of every pair of KERNED that has one."""
    if "GPOS" not in font:
        return {}
    table, cmap = font["GPOS"].table, font.getBestCmap()
    wanted = {cmap[ord(letter)]: letter for letter in KERNED if ord(letter) in cmap}
    places = {place for record in table.FeatureList.FeatureRecord if record.FeatureTag == "kern" for place in record.Feature.LookupListIndex}
    found = {}
    for place in sorted(places):
        seen = set()
        for sub in table.LookupList.Lookup[place].SubTable:
            sub = getattr(sub, "ExtSubTable", sub)
            for index, first in enumerate(sub.Coverage.glyphs):
                if first not in wanted:
                    continue
                if sub.Format == 1:
                    values = {record.SecondGlyph: record.Value1 for record in sub.PairSet[index].PairValueRecord}
                else:
                    row = sub.Class1Record[sub.ClassDef1.classDefs.get(first, 0)].Class2Record
                    values = {second: row[sub.ClassDef2.classDefs.get(second, 0)].Value1 for second in wanted}
                for second, value in values.items():
                    if second in wanted and (first, second) not in seen:
                        seen.add((first, second))
                        distance = getattr(value, "XAdvance", 0) if value else 0
                        if distance:
                            found[wanted[first], wanted[second]] = distance
    return found


for file, weight in WEIGHTS.items():
    latin, kerning = part("roboto-latin-wght-normal.woff2", weight, lambda code: True)
    has = set(latin.getBestCmap())
    extended, _ = part("roboto-latin-ext-wght-normal.woff2", weight, lambda code: code not in has)
    files = [TARGET / "latin.ttf", TARGET / "extended.ttf"]
    for font, path in zip((latin, extended), files):
        font.save(path)
    font = merge.Merger().merge([str(path) for path in files])
    for path in [*files, TEMPORARY]:
        path.unlink(missing_ok=True)
    cmap = font.getBestCmap()
    table = KernTable_format_0()
    table.version, table.format, table.coverage, table.apple = 0, 0, 1, False
    table.kernTable = {(cmap[ord(one)], cmap[ord(two)]): distance for (one, two), distance in kerning.items()}
    font["kern"] = newTable("kern")
    font["kern"].version, font["kern"].kernTables = 0, [table]
    font["post"].formatType = 3.0
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(TARGET / file)
    print(file, (TARGET / file).stat().st_size, "bytes,", len(cmap), "characters,", len(kerning), "pairs")
