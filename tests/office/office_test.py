#!/usr/bin/env python3
"""office_test.py EARSHOT OFFICE_SAMPLES: opens reports in other programs and compares what they read.

LibreOffice reads the workbook and the CSV of the demo report: the same numbers, and of 5,000 payloads none is a
formula. A CommonMark renderer with GitHub's extensions reads 10,000 payloads: no HTML, image or link, and the text is
what was written. Each check is a line; the last line is the tally.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CSV_IN = "CSV:44,34,76,1"  # comma, quotes, UTF-8; formulas are evaluated, as when a user opens it
CSV_OUT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,true,false,false,false,"
NUMBERS = ("value", "more_than", "low", "high", "numerator", "denominator", "n_used", "n_eligible", "before",
           "difference", "difference_low", "difference_high", "threshold", "line")

tally = Counter()


def check(what, ok, why=""):
    tally["passed" if ok else "failed"] += 1
    print(f"{'ok' if ok else 'FAILED'}: {what}{'' if ok else ': ' + str(why)[:600]}")


def run(*words, cwd):
    done = subprocess.run(words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit(f"{words[0]} ended with {done.returncode}: {done.stderr.decode(errors='replace')[:2000]}")
    return done.stdout


def office(folder, target, file, *options):
    """Converts a file; LibreOffice says 0 also where it could not, so a missing result is for the caller to notice."""
    run("soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", *options, "--convert-to", target,
        "--outdir", f"{folder}/out", file, cwd=folder)


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def records_of(path):
    head, *rows = rows_of(path)
    return [dict(zip(head, row + [""] * (len(head) - len(row)))) for row in rows]


def cells_of(path):
    """Counts of formulas and links in a flat OpenDocument spreadsheet."""
    counts = Counter()
    for _, element in ElementTree.iterparse(path):
        counts["cells"] += element.tag.endswith("}table-cell")
        counts["formulas"] += any(name.endswith("}formula") for name in element.attrib)
        counts["links"] += element.tag.endswith("}a")
    return counts


def same_number(digits, read):
    """Equal as the digits were written: binary and back may add 34.10000000000001."""
    if digits == "" or read == "":
        return digits == read
    decimals = len(digits.partition(".")[2])
    return f"{float(read):.{decimals}f}" == digits


def demo(earshot, folder):
    """The demo's report as CSV, XLSX and JSON."""
    common = ("--config", f"{ROOT}/configs/demo/earshot.toml", "--store", f"{folder}/store")
    run(earshot, "ingest", *common, cwd=folder)
    run(earshot, "analyze", *common, cwd=folder)
    for form in ("csv", "xlsx", "json"):
        run(earshot, "report", *common, "--since", "2026-08-24", "--until", "2026-09-21", "--compare", "previous",
            "--evidence", "--format", form, "--output", f"{folder}/demo.{form}", cwd=folder)


def check_workbook(folder):
    """Metrics and Breakdown, read back, are the numbers of the JSON."""
    office(folder, CSV_OUT + "-1", "demo.xlsx")
    with open(f"{folder}/demo.json", encoding="utf-8") as file:
        report = json.load(file, parse_float=str, parse_int=str)
    want = []
    for metric in report["metrics"]:
        want.append(metric)
        want += metric["parts"]
    rows = (records_of(f"{folder}/out/demo-Metrics.csv"), records_of(f"{folder}/out/demo-Breakdown.csv"))
    for sheet, figures, read in (("Metrics", want, rows[0]),
                                 ("Breakdown", [row for m in report["metrics"] for row in m["breakdown"]], rows[1])):
        check(f"xlsx: {sheet} has a row for each of {len(figures)} figures", len(figures) == len(read) > 0, len(read))
        wrong = []
        for figure, row in zip(figures, read):
            interval = figure["interval"] or {}
            change = figure["change"] or {}
            pairs = [(figure[key], row[title]) for key, title in
                     (("value", "value"), ("more_than", "more than"), ("n_used", "n used"),
                      ("n_eligible", "n eligible"), ("numerator", "numerator"), ("denominator", "denominator"))]
            pairs += [(interval.get("low"), row["low"]), (interval.get("high"), row["high"]),
                      (change.get("before"), row["before"]), (change.get("difference"), row["difference"])]
            wrong += [(row["metric"], row["name"], pair) for pair in pairs if not same_number(pair[0] or "", pair[1])]
            if figure["shown"] != row["shown"]:
                wrong.append((figure["shown"], row["shown"]))
        check(f"xlsx: {sheet} reads back the numbers of the JSON", not wrong, wrong)


def check_csv(folder, name):
    """A CSV that LibreOffice opened and saved again has the same numbers, dates and texts."""
    office(folder, CSV_OUT + "0", f"{name}.csv", f"--infilter={CSV_IN}")
    before, after = records_of(f"{folder}/{name}.csv"), records_of(f"{folder}/out/{name}.csv")
    check(f"csv: {name} has {len(before)} rows, before and after", len(before) == len(after), len(after))
    numbers = [(one[key], two[key]) for one, two in zip(before, after) for key in NUMBERS if one[key]]
    negative = sum(digits.startswith("-") for digits, _ in numbers)
    wrong = [pair for pair in numbers if not same_number(*pair)]
    check(f"csv: {len(numbers)} numbers of {name}, {negative} of them negative, read back", negative and not wrong,
          wrong)
    days = [(one["at"], two["at"]) for one, two in zip(before, after) if one["at"]]
    wrong = [pair for pair in days if pair[0] != pair[1]]
    check(f"csv: {len(days)} days and times of {name} read back", days and not wrong, wrong)


def check_formulas(folder):
    """No payload is a formula or link; the same texts without the guard are, so the check can fail."""
    with open(f"{folder}/payloads.json", encoding="utf-8") as file:
        payloads = json.load(file)["formulas"]
    found = {}
    for name, options in (("formulas.csv", [f"--infilter={CSV_IN}"]), ("formulas_raw.csv", [f"--infilter={CSV_IN}"]),
                          ("formulas.xlsx", [])):
        office(folder, "fods", name, *options)
        found[name] = cells_of(f"{folder}/out/{os.path.splitext(name)[0]}.fods")
        if name == "formulas_raw.csv":
            check(f"csv: without the guard, {found[name]['formulas']} cells are formulas",
                  found[name]["formulas"] > 100)
        else:
            check(f"{name}: {len(payloads)} payloads in text columns, no formula, no link",
                  len(payloads) >= 5000 and found[name]["cells"] > 4 * len(payloads) and
                  found[name]["formulas"] == found[name]["links"] == 0, found[name])
    office(folder, CSV_OUT + "-1", "formulas.xlsx")
    read = [row for row in records_of(f"{folder}/out/formulas-Evidence posts.csv") if row["post"].startswith("test:")]
    texts = [row["text"] for row in read if not row["metric"]]
    check("xlsx: a row for each payload", len(texts) == len(payloads), len(texts))
    shown = [visible_keeping_lines(each["raw"]) for each in payloads]
    wrong = [pair for pair in zip(shown, texts) if pair[0] != pair[1].replace("\r\n", "\n")]
    check("xlsx: every payload reads back as it was written", not wrong, wrong[:5])
    rows = [row for row in records_of(f"{folder}/out/formulas-Breakdown.csv") if row["unit"] == "points"]
    check("xlsx: negative numbers beside payloads stay numbers",
          [row["value"] for row in rows] == [f"-{i}.5" for i in range(200)], rows[:3])


def visible_keeping_lines(text):
    """What the formats make of the control characters among the payloads."""
    return text.replace("\r", "\\r").replace("\x01", "\\x01")


def check_markdown(folder):
    with open(f"{folder}/payloads.json", encoding="utf-8") as file:
        payloads = json.load(file)["markup"]
    extensions = [word for name in ("footnotes", "table", "autolink", "strikethrough", "tasklist")
                  for word in ("-e", name)]
    tree = ElementTree.fromstring(run("cmark-gfm", "--unsafe", *extensions, "-t", "xml", "markup.md", cwd=folder))
    name_of = lambda element: element.tag.partition("}")[2]
    kinds = Counter(name_of(element) for element in tree.iter())
    inert = {"document", "heading", "paragraph", "list", "item", "table", "table_header", "table_row", "table_cell",
             "text", "code"}
    check(f"md: of {len(payloads)} payloads, no HTML, image, link, block of code or footnote",
          len(payloads) >= 10000 and set(kinds) <= inert, kinds)

    def text_of(element):
        return "".join(part.text or "" for part in element.iter() if name_of(part) in ("text", "code"))

    rows = {}
    for row in (element for element in tree.iter() if name_of(element) == "table_row"):
        cells = [text_of(cell) for cell in row]
        if len(cells) == 6 and cells[0].startswith("test:"):
            rows[cells[0]] = cells
    wrong = [(each["shown"], rows.get(f"test:{i}")) for i, each in enumerate(payloads)
             if rows.get(f"test:{i}", [""] * 6)[4].strip() != each["shown"].strip()]
    check("md: every payload is shown as it was written", not wrong, wrong[:5])


def main(earshot, samples):
    with tempfile.TemporaryDirectory(prefix="earshot-office-") as folder:
        os.mkdir(f"{folder}/out")
        demo(os.path.abspath(earshot), folder)
        run(os.path.abspath(samples), folder, cwd=folder)
        check_workbook(folder)
        check_csv(folder, "demo")
        check_csv(folder, "formulas")
        check_formulas(folder)
        check_markdown(folder)
    print(f"office: {tally['passed']} passed, {tally['failed']} failed")
    return 1 if tally["failed"] or not tally["passed"] else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
