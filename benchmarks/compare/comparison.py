"""One comparison from the posts to the table."""

import argparse
import collections
import datetime
import json
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile

import corpus
import measure
import peers
from figures import Figure, Table, costs_table, spread

HERE = os.path.dirname(os.path.abspath(__file__))
CHECK_POSTS = 100_000
SLICES = 10
NOT_COMPARED = """- not compared, as they are not the same on purpose: sentiment, stance and intents, which the peers do not have; the report's
  median and p90 of the first response, over the posts that need an answer as labels say, with those that wait counted
  as waiting (Kaplan and Meier), where DuckDB's are over all answers of the Care accounts
"""
PEERS = {"table": "DuckDB create table as", "any_order": "DuckDB create table as, order not kept",
         "key": "DuckDB insert or ignore, primary key", "sqlite": "Python json + sqlite3"}


def remove(path: str) -> None:
    shutil.rmtree(path, ignore_errors=True)
    for name in (path, path + ".wal", path + "-wal", path + "-shm"):
        if os.path.isfile(name):
            os.remove(name)


def ratios(ours: list[measure.Cost], theirs: list[measure.Cost], field: str = "cpu") -> list[float]:
    return [getattr(mine, field) / getattr(other, field) for mine, other in zip(ours, theirs)]


class Comparison:
    """One comparison: its files, what was measured, and the table that grows."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        os.makedirs(arguments.work, exist_ok=True)
        self.folder = tempfile.mkdtemp(prefix="run-", dir=os.path.abspath(arguments.work))
        self.arguments = arguments
        self.earshot = peers.Earshot(os.path.abspath(arguments.earshot), self.folder)
        self.duckdb = peers.DuckDB(os.environ.get("XDG_CACHE_HOME", arguments.work) + "/duckdb-node",
                                   peers.write_project(f"{self.folder}/project.json"))
        self.generator = corpus.build_generator(arguments.generator, self.folder) if arguments.generator else None
        self.table = Table()
        self.costs: dict[str, tuple[list[measure.Cost], int]] = {}
        self.notes: list[str] = []
        self.store = {"main": f"{self.folder}/main.store", "small": f"{self.folder}/small.store"}
        self.database = f"{self.folder}/table.duckdb"
        self.differ = False

    def file(self, name: str) -> str:
        return f"{self.folder}/{name}"

    def cost(self, name: str, posts: int, command: list[str], output: str = os.devnull) -> measure.Cost:
        cost = measure.run(command, output, self.duckdb.environment)
        self.costs.setdefault(name, ([], posts))[0].append(cost)
        print(f"{name}: {cost.cpu:.2f} s CPU, {cost.wall:.2f} s wall, {cost.peak / 1e6:.0f} MB, {cost.written / 1e6:.0f} MB written, "
              f"others {cost.others:.1f} cores", file=sys.stderr, flush=True)
        return cost

    def runs(self, name: str) -> list[measure.Cost]:
        return self.costs.get(name, ([], 0))[0]

    def compare_answers(self, *words: str) -> None:
        done = subprocess.run([sys.executable, f"{HERE}/answers.py", *words], stdout=subprocess.PIPE, text=True)
        self.notes += done.stdout.splitlines()
        print(done.stdout, file=sys.stderr)
        self.differ |= done.returncode != 0

    # --- the posts

    def make_posts(self) -> None:
        given = self.arguments
        self.main = (corpus.take(given.corpus, self.folder, "main", self.cron_runs) if given.corpus
                     else corpus.generate(self.generator, self.folder, "main", given.posts, self.cron_runs))
        self.small = None
        if given.small_corpus:
            self.small = corpus.take(given.small_corpus, self.folder, "small", self.cron_runs)
        elif self.generator:
            self.small = corpus.generate(self.generator, self.folder, "small", self.main.posts // 10, self.cron_runs)
        self.pairs = given.pairs or (5 if self.main.posts <= 1_000_000 else 3)

    @property
    def cron_runs(self) -> int:
        return max(5, self.arguments.pairs or 0)

    # --- P1, P2, P11: loading

    def load(self) -> None:
        self.kept: dict[str, list[int]] = collections.defaultdict(list)
        wanted = [peer for peer in PEERS if peer not in self.arguments.without]
        for _ in range(self.pairs):
            remove(self.store["main"])
            measure.read_once(self.main.path)
            self.cost("earshot ingest", self.main.posts, self.earshot.ingest(self.store["main"], self.main.path))
            self.kept["earshot"].append(measure.bytes_kept(self.store["main"]))
            for peer in wanted:
                database = self.database if peer == "table" else self.file(f"{peer}.database")
                remove(database)
                measure.read_once(self.main.path)
                command = (peers.sqlite_load(self.main.path, database) if peer == "sqlite"
                           else self.duckdb.load(peer, self.main.path, database))
                self.cost(PEERS[peer], self.main.posts, command)
                self.kept[peer].append(measure.bytes_kept(database))
                if peer != "table":
                    remove(database)
        self.add_load_figures(wanted)

    def add_load_figures(self, wanted: list[str]) -> None:
        ours = self.runs("earshot ingest")
        limits = {"table": ("P1", 0.60, 0.30), "any_order": ("P1+", None, None), "key": ("P2", 0.40, 0.20), "sqlite": ("P4-", None, None)}
        for peer in wanted:
            number, must, aim = limits[peer]
            theirs = self.runs(PEERS[peer])
            self.table.add(Figure(number, f"ingest / {PEERS[peer]}, CPU", must, aim), ratios(ours, theirs),
                           spread(ratios(ours, theirs, "wall")))
        if "sqlite" in wanted:
            self.table.add(Figure("P4", "Python json + sqlite3 / ingest, wall", 5, 15, "x", least=True),
                           ratios(self.runs(PEERS["sqlite"]), ours, "wall"))
        field = "written" if ours[0].written else "handed"
        self.table.add(Figure("P11", f"ingest: bytes written ({'write_bytes' if ours[0].written else 'wchar'} of /proc/PID/io) / "
                              "bytes kept, bulk load", 2.2, 1.1),
                       [getattr(cost, field) / kept for cost, kept in zip(ours, self.kept["earshot"])])
        self.notes.append(f"bytes given to write() of the ingest (wchar) / bytes kept: "
                          f"{spread([cost.handed / kept for cost, kept in zip(ours, self.kept['earshot'])])}")

    # --- P10: what is kept

    def label(self) -> None:
        self.cost("earshot analyze", self.main.posts, self.earshot.analyze(self.store["main"]))
        if self.small:
            self.cost("earshot ingest, small", self.small.posts, self.earshot.ingest(self.store["small"], self.small.path))
            self.cost("earshot analyze, small", self.small.posts, self.earshot.analyze(self.store["small"]))
        kept = measure.bytes_kept(self.store["main"])
        with subprocess.Popen(["zstd", "-3", "-q", "-c", self.main.path], stdout=subprocess.PIPE) as zstd:
            packed = sum(len(block) for block in iter(lambda: zstd.stdout.read(1 << 20), b""))
        loaded = [cost.written for cost in self.runs("earshot ingest")][-1] + self.runs("earshot analyze")[0].written
        self.table.add(Figure("P11+", "ingest and analyze: bytes written / bytes kept after both"), [loaded / kept])
        duck = statistics.median(self.kept["table"])
        self.table.add(Figure("P10", "bytes kept after ingest and analyze / DuckDB file", 0.70, 0.60), [kept / duck])
        self.table.add(Figure("P10", "the same / `zstd -3` of the source", 1.0, 0.83), [kept / packed])
        each = {"source": os.path.getsize(self.main.path), "zstd -3": packed, "earshot after ingest": self.kept["earshot"][-1],
                "earshot after analyze": kept, **{PEERS[peer]: sizes[-1] for peer, sizes in self.kept.items() if peer in PEERS}}
        self.notes.append("bytes a post: " + ", ".join(f"{name} {size / self.main.posts:.1f}" for name, size in each.items()))

    # --- P8, P9: reports

    def report(self) -> None:
        forms = self.duckdb.answer("forms", self.database, self.duckdb.project)
        self.differ |= bool(forms["disagree"])
        for question, seconds in forms["seconds"].items():
            self.notes.append(f"DuckDB, {question}, CPU s: " + ", ".join(
                f"{form} {value:.2f}{' (taken)' if form == forms['best'][question] else ''}" for form, value in seconds.items()))
        self.notes += [f"DIFFER  DuckDB's ways to ask do not agree: {way}" for way in forms["disagree"]]
        best = forms["best"]
        loose = {**best, "mentions": "loose_first_brand"}
        for _ in range(self.pairs):
            for name, (_, asked) in peers.QUESTIONS.items():
                self.cost(f"earshot report, {name}", self.main.posts, self.earshot.answer(self.store["main"], name),
                          self.file("same.json"))
                self.cost(f"DuckDB, {name}", self.main.posts,
                          self.duckdb.ask(self.database, {question: best[question] for question in asked}))
                if self.small:
                    self.cost(f"earshot report, {name}, small", self.small.posts, self.earshot.answer(self.store["small"], name))
            self.cost("earshot report, all metrics", self.main.posts, self.earshot.whole_report(self.store["main"]),
                      self.file("whole.json"))
            self.cost("DuckDB, one brand a post", self.main.posts, self.duckdb.ask(self.database, loose))
            if self.small:
                self.cost("earshot report, all metrics, small", self.small.posts, self.earshot.whole_report(self.store["small"]))
        self.cost("DuckDB, opened and closed", self.main.posts, self.duckdb.idle(self.database))
        self.add_report_figures()

    def add_report_figures(self) -> None:
        everything = self.runs("DuckDB, all questions")
        for name in peers.QUESTIONS:
            self.add_report_figure(f"report, {name}", f"report, {name} / DuckDB's best form of them", self.runs(f"DuckDB, {name}"))
        self.add_report_figure("report, all metrics", "report, all metrics / DuckDB's best form of its four questions", everything)
        ours, loose = self.runs("earshot report, all questions"), self.runs("DuckDB, one brand a post")
        self.table.add(Figure("P8-", "report, all questions / DuckDB counting one brand a post, CPU"), ratios(ours, loose),
                       spread(ratios(ours, loose, "wall")))

    def add_report_figure(self, name: str, what: str, theirs: list) -> None:
        ours = self.runs(f"earshot {name}")
        self.table.add(Figure("P8", what + ", CPU", 0.10, 0.02), ratios(ours, theirs), spread(ratios(ours, theirs, "wall")))
        if not self.small:
            self.table.add(Figure("P9", f"{name}, main / small archive"), [], "give --small-corpus")
            return
        small = self.runs(f"earshot {name}, small")
        self.table.add(Figure("P9", f"{name}, {self.main.posts:,} / {self.small.posts:,} posts, wall", 1.5, 1.1),
                       ratios(ours, small, "wall"), f"CPU {spread(ratios(ours, small))}")

    # --- P13: cron runs

    def cron(self) -> None:
        stores = [("main", self.main)] + ([("small", self.small)] if self.small else [])
        for i in range(self.cron_runs):
            for name, posts in stores:
                shutil.copyfile(posts.tails[i], self.earshot.new_posts)
                self.cost(f"earshot run, 1,000 new posts, {name}", corpus.CRON_POSTS, self.earshot.cron(self.store[name]))
        ours = self.runs("earshot run, 1,000 new posts, main")
        if self.small:
            theirs = self.runs("earshot run, 1,000 new posts, small")
            self.table.add(Figure("P13", f"cron run of 1,000 new posts into {self.main.posts:,} / into {self.small.posts:,}, CPU", 1.5, 1.1),
                           ratios(ours, theirs), spread(ratios(ours, theirs, "wall")))
        else:
            self.table.add(Figure("P13", "cron run into the main / the small archive"), [], "give --small-corpus")
        self.table.add(Figure("P13", "the same, wall of the whole process", 0.4, 0.08, " s"), [cost.wall for cost in ours])
        sizes = [os.path.getsize(tail) for tail in self.main.tails]
        self.table.add(Figure("P13", "the same, bytes written / bytes of input", 5, 2), [cost.written / size for cost, size in zip(ours, sizes)])

    # --- P12: does a post cost more when many are there?

    def grow(self) -> None:
        growth = []
        for _ in range(min(self.pairs, 3)):
            store, path = self.file("slices.store"), self.file("slice.jsonl")
            remove(store)
            each = [self.cost(f"earshot ingest, slice {i + 1} of {SLICES}", posts, self.earshot.ingest(store, path)).cpu
                    for i, posts in enumerate(corpus.slices(self.main, SLICES, path))]
            growth.append(each[-1] / each[0])
        remove(store)
        os.remove(path)
        self.table.add(Figure("P12", f"ingest, CPU a post: last {self.main.posts // SLICES:,} of {self.main.posts:,} / the first as many, "
                              "each a command of its own", 1.10, 1.05), growth)

    # --- P15: memory

    def memory(self) -> None:
        main = {name: max(cost.peak for cost in runs) for name, (runs, _) in self.costs.items()
                if name.startswith("earshot") and not name.endswith("small")}
        name = max(main, key=main.get)
        self.table.add(Figure("P15", f"peak memory of ingest, analyze, report and run; most: {name}", 512, 256, " MB"), [main[name] / 1e6])

    # --- answers

    def check(self) -> None:
        posts = min(CHECK_POSTS, self.main.posts)
        archive = corpus.with_repeats(self.generator, self.main, self.file("check.jsonl"), posts)
        store, database, other = self.file("check.store"), self.file("check.duckdb"), self.file("check.sqlite")
        remove(store)
        for command in (self.earshot.ingest(store, archive), self.earshot.analyze(store), self.duckdb.load("key", archive, database),
                        peers.sqlite_load(archive, other)):
            measure.run(command, environment=self.duckdb.environment)
        for again in (self.earshot.ingest(store, archive), self.duckdb.load("key", archive, database)):
            measure.run(again, environment=self.duckdb.environment)  # changes nothing
        self.notes.append(f"answers over {corpus.line_count(archive):,} lines, duplicates and late ones among them, loaded twice:")
        with open(self.file("check.json"), "w", encoding="utf-8") as out:
            json.dump(self.duckdb.answer("answers", database, self.duckdb.project), out)
        self.duckdb.rows(database, self.file("rows.jsonl"))
        measure.run(self.earshot.search(store, "channel:archive"), self.file("posts.jsonl"))
        measure.run(self.earshot.evidence(store, "response_rate"), self.file("evidence.json"))
        matches = []
        for word in ("norvia", "halden", "zephyra"):
            measure.run(self.earshot.search(store, word), self.file(f"{word}.jsonl"))
            matches.append(f"{word}={self.file(word + '.jsonl')}")
        self.compare_answers("posts", *map(self.file, ("posts.jsonl", "rows.jsonl", "check.json", "check.sqlite", "evidence.json")), *matches)
        measure.run(self.earshot.answer(store), self.file("report.json"))
        self.notes.append("the report over the same posts:")
        self.compare_answers("report", *map(self.file, ("report.json", "check.json", "project.json")))

    def check_main(self) -> None:
        with open(self.file("answers.json"), "w", encoding="utf-8") as out:
            json.dump(self.duckdb.answer("answers", self.database, self.duckdb.project), out)
        self.notes.append(f"the report over {self.main.posts:,} posts:")
        self.compare_answers("report", *map(self.file, ("same.json", "answers.json", "project.json")))

    # --- all of it

    def versions(self) -> str:
        def said(*command: str) -> str:
            return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout.strip().splitlines()[0]

        with open("/proc/cpuinfo", encoding="utf-8") as file:
            cpu = next((line.split(": ")[1].strip() for line in file if line.startswith("model name")), platform.machine())
        commit = said("git", "-C", HERE, "describe", "--always", "--dirty")
        return (f"{datetime.date.today()}; {os.cpu_count()} CPUs, {cpu}; {said('uname', '-sr')}. {said(self.earshot.program, '--version')} "
                f"({commit} if built from this tree); DuckDB {self.duckdb.answer('version')} ({peers.DUCKDB_PACKAGE}, threads 2, file), Node "
                f"{said(self.duckdb.node, '--version')}; Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; {said('zstd', '--version').strip('* ')}.")

    def text(self) -> str:
        between = [f"earshot ingest, slice {i} of {SLICES}" for i in range(2, SLICES)]
        shown = {name: cost for name, cost in self.costs.items() if name not in between}
        notes = "\n".join(f"- {note}" for note in self.notes)
        verdict = f"answers: {'DIFFER' if self.differ else 'as they should be'}\n"
        if self.arguments.answers_only:
            return f"{self.versions()}\n\n{notes}\n{NOT_COMPARED}\n{verdict}"
        main = f"{self.main.posts:,} posts, {os.path.getsize(self.main.path):,} bytes"
        small = f"; the small archive: {self.small.posts:,} posts of the same year" if self.small else ""
        return (f"{self.versions()}\n{main}{small}. Figures are defined at 10,000,000 posts and 1,000,000 for the small archive; limits are those.\n"
                "Rows without limits are shown for fairness: harder and easier peers, and what a figure leaves out.\n\n"
                f"{self.table.text()}\n{costs_table(shown)}\n{notes}\n{NOT_COMPARED}\n{verdict}")

    def all(self) -> int:
        self.make_posts()
        self.check()
        if not self.arguments.answers_only:
            for part in (self.load, self.label, self.report, self.check_main, self.cron, self.grow, self.memory):
                part()
        text = self.text()
        print(text, end="")
        if self.arguments.output:
            with open(self.arguments.output, "w", encoding="utf-8") as out:
                out.write(text)
        return 1 if self.differ else 0
