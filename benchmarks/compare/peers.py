"""The programs that are compared, each as the command of one process."""

import json
import os
import shutil
import subprocess
import sys
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))
MAPPING = os.path.join(HERE, "../../configs/mappings/make_corpus.toml")
DUCKDB_PACKAGE = "@duckdb/node-api@1.5.6-r.1"
YEAR = ["--since", "2024-01-01", "--until", "2025-01-01", "--format", "json"]
# What is asked of both: metrics, and the questions of DuckDB that they answer. Each set adds to the one before: how much is said
# where and of whom; how fast the brand answers (DuckDB: every account's answers); who speaks, and every account's answers.
QUESTIONS = {
    "counts": (["listening_volume", "share_of_voice"], ["volume", "mentions"]),
    "counts and answers": (["listening_volume", "share_of_voice", "response_rate", "first_response_time"],
                           ["volume", "mentions", "answers"]),
    "all questions": (["listening_volume", "share_of_voice", "response_rate", "first_response_time", "unique_voices",
                       "voice_concentration", "competitor_audit"], ["volume", "mentions", "answers", "authors"]),
}


class Earshot:
    """`earshot` on two threads, with the project of the comparison and one archive that cron runs read."""

    def __init__(self, program: str, folder: str) -> None:
        self.program = program
        self.new_posts = f"{folder}/new.jsonl"  # what the next cron run finds
        self.config = f"{folder}/earshot.toml"
        with open(os.path.join(HERE, "project.toml"), encoding="utf-8") as project, open(self.config, "w", encoding="utf-8") as out:
            out.write(project.read())
            out.write(f'[[source]]\nname = "new"\ntype = "jsonl"\npath = "{self.new_posts}"\nmapping = "{MAPPING}"\n')

    def _command(self, verb: str, store: str, *words: str) -> list[str]:
        return [self.program, verb, "--config", self.config, "--store", store, "--threads", "2", *words]

    def ingest(self, store: str, archive: str) -> list[str]:
        return self._command("ingest", store, "--mapping", MAPPING, "--name", "archive", archive)

    def analyze(self, store: str) -> list[str]:
        return self._command("analyze", store)

    def cron(self, store: str) -> list[str]:
        return self._command("run", store)

    def whole_report(self, store: str) -> list[str]:
        return self._command("report", store, *YEAR)

    def answer(self, store: str, questions: str = "all questions") -> list[str]:
        return self._command("report", store, *YEAR, *(word for name in QUESTIONS[questions][0] for word in ("--metric", name)))

    def evidence(self, store: str, metric: str) -> list[str]:
        return self._command("report", store, *YEAR, "--metric", metric, "--evidence", "--evidence-limit", "1000000000")

    def search(self, store: str, query: str) -> list[str]:
        return self._command("search", store, "--limit", "0", "--format", "jsonl", query)


class DuckDB:
    """DuckDB's package for Node, installed once into a cache."""

    def __init__(self, cache: str, project: str) -> None:
        self.project = project
        modules = os.path.abspath(cache)
        self.environment = {"DUCKDB_MODULES": modules}
        self.node = shutil.which("node") or sys.exit("compare: no node here: apt-get install nodejs npm")
        installed = os.path.join(modules, "node_modules", "@duckdb", "node-api", "package.json")
        if not os.path.exists(installed):
            os.makedirs(modules, exist_ok=True)
            subprocess.run(["npm", "install", "--prefix", modules, "--no-audit", "--no-fund", "--loglevel=error", DUCKDB_PACKAGE],
                           check=True, stdout=subprocess.DEVNULL)

    def _command(self, *words: str) -> list[str]:
        return [self.node, os.path.join(HERE, "duckdb_peer.mjs"), *words]

    def load(self, form: str, archive: str, database: str) -> list[str]:
        return self._command("load", form, archive, database)

    def ask(self, database: str, forms: dict[str, str]) -> list[str]:
        return self._command("ask", database, self.project, *(f"{question}={form}" for question, form in forms.items()))

    def idle(self, database: str) -> list[str]:
        return self._command("idle", database)

    def rows(self, database: str, path: str) -> None:
        subprocess.run(self._command("rows", database, path), check=True, env={**os.environ, **self.environment})

    def answer(self, verb: str, *words: str):
        """What it prints for `forms`, `answers` or `version`."""
        done = subprocess.run(self._command(verb, *words), check=True, stdout=subprocess.PIPE,
                              env={**os.environ, **self.environment})
        return json.loads(done.stdout)


def sqlite_load(archive: str, database: str) -> list[str]:
    return [sys.executable, os.path.join(HERE, "sqlite_peer.py"), archive, database]


def write_project(path: str) -> str:
    """The brands and topics of project.toml as DuckDB's script wants them."""
    with open(os.path.join(HERE, "project.toml"), "rb") as file:
        project = tomllib.load(file)
    brands = [{"name": party["name"], "word": party["query"], "account": party["handles"][0]}
              for party in (project["brand"], *project["competitor"])]
    topics = [word for topic in project["topic"] for word in topic["query"].split(" OR ")]
    with open(path, "w", encoding="utf-8") as out:
        json.dump({"brands": brands, "topics": topics}, out)
    return path
