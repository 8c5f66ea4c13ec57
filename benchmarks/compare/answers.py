"""Compares what earshot says with what DuckDB and sqlite say about the same posts.

    answers.py report REPORT.json ANSWERS.json PROJECT.json
        a report over the year with DuckDB's counts. Near-duplicates are counted once in a report and each in a table, so
        that a report may say less, by no more than it says it left out; without any, everything must be equal.
    answers.py posts POSTS.jsonl ROWS.jsonl ANSWERS.json SQLITE EVIDENCE.json [WORD=MATCHES.jsonl...]
        a store's own posts, as `earshot search` writes them, with the tables of DuckDB and sqlite: all equal.

Prints a line a comparison: `equal`, `within` or `DIFFER`; exits with 1 if one differs.
"""

import collections
import datetime
import json
import sqlite3
import sys

FIELDS = ["id", "channel", "author", "followers", "text", "created_at", "in_reply_to", "likes", "shares", "replies", "url", "lang"]
HORIZON_SECONDS = 7 * 86_400


class Checks:
    def __init__(self) -> None:
        self.failed = False

    def say(self, good: bool, what: str, detail: str, word: str = "equal ") -> None:
        self.failed |= not good
        print(f"{word if good else 'DIFFER'} {what}: {detail}")

    def equal(self, what: str, ours, theirs, shown: str = "") -> None:
        self.say(ours == theirs, what, shown or f"{ours:,}" if ours == theirs else first_difference(ours, theirs))

    def within(self, what: str, ours: dict, theirs: dict, left_out: int) -> None:
        """Each of ours is at most theirs, and by no more than was left out of the report."""
        missing = {key: theirs.get(key, 0) - ours.get(key, 0) for key in ours.keys() | theirs.keys()}
        good = all(0 <= n <= left_out for n in missing.values())
        most = max(missing.values(), default=0)
        detail = f"{sum(theirs.values()):,}" + (f" in {len(theirs)} rows" if len(theirs) > 1 else "")
        if not good:
            detail = first_difference(ours, theirs)
        elif most:
            detail += f"; less by up to {most} for {left_out:,} near-duplicates"
        self.say(good, what, detail, "within" if most else "equal ")


def first_difference(ours, theirs) -> str:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(ours.keys() | theirs.keys(), key=str):
            if ours.get(key) != theirs.get(key):
                return f"{key}: {first_difference(ours.get(key), theirs.get(key))}"
    if isinstance(ours, list) and isinstance(theirs, list):
        for mine, other in zip(ours, theirs):
            if mine != other:
                return f"{mine!r}, there {other!r}"
        return f"{len(ours):,} rows, there {len(theirs):,}"
    return f"{ours!r}, there {theirs!r}"


def read(path: str):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def read_lines(path: str) -> list[dict]:
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def table(rows: list[dict], key: str, value: str = "n") -> dict:
    return {row[key]: row[value] for row in rows}


def compare_report(compare: Checks, report: dict, duck: dict, project: dict) -> None:
    metrics = {metric["name"]: metric for metric in report["metrics"]}
    volume, voices, voice = metrics["listening_volume"], metrics["unique_voices"], metrics["share_of_voice"]
    left_out = report["labels"]["collapsed"]
    names = {brand["word"]: brand["name"] for brand in project["brands"]}
    compare.equal("posts", report["labels"]["labelled"], duck["posts"][0]["n"])
    channels = table(report["channels"], "name", "items")
    compare.within("posts by channel", channels, table(duck["channels"], "channel"), left_out)
    compare.equal("posts and near-duplicates left out", sum(channels.values()) + left_out, duck["posts"][0]["n"])
    compare.within("posts about a brand or topic", {"all": volume["value"]}, {"all": duck["heard"][0]["n"]}, left_out)
    weeks = {point["day"]: point["items"] or 0 for point in volume["series"]}
    compare.within("the same by week", weeks, table(duck["heard_weeks"], "monday"), left_out)
    by_channel = {part["name"]: part["value"] for part in volume["breakdown"] if part["dimension"] == "channel"}
    compare.within("the same by channel", by_channel, table(duck["heard_channels"], "channel"), left_out)
    mentions = {part["name"]: part["numerator"] for part in voice["breakdown"]}
    compare.within("mentions by brand", mentions, {names[row["brand"]]: row["n"] for row in duck["voice"]}, left_out)
    compare.within("people heard", {"all": voices["value"]}, {"all": duck["heard"][0]["authors"]}, left_out)
    top = metrics["voice_concentration"]["parts"][0]["numerator"]
    compare.within("posts of the busiest tenth of them", {"all": top}, {"all": duck["busiest"][0]["n"]}, left_out)


def seconds(text: str) -> int:
    return int(datetime.datetime.fromisoformat(text).timestamp())


def quantile(values: list[int], p: float) -> float:
    """With linear interpolation, as DuckDB's quantile_cont."""
    values = sorted(values)
    at = (len(values) - 1) * p
    below = int(at)
    return values[below] + (values[min(below + 1, len(values) - 1)] - values[below]) * (at - below)


def as_row(post: dict) -> dict:
    """A post of `earshot search` with the fields and names of the archive."""
    row = {field: post.get(field) for field in FIELDS}
    row["id"] = post["id"].removeprefix("archive:")
    row["created_at"] = seconds(post["posted_at"])
    row["in_reply_to"] = post["parent"]
    return row


def compare_answers(compare: Checks, rows: dict[str, dict], duck: dict) -> None:
    hours = collections.Counter((row["created_at"] // 3600 * 3600, row["channel"]) for row in rows.values())
    theirs = {(int(row["h"]), row["channel"]): row["n"] for row in duck["volume"]}
    compare.equal("volume by hour and channel", dict(hours), theirs, f"{len(theirs):,} rows")
    posts: collections.Counter = collections.Counter()
    engagement: collections.Counter = collections.Counter()
    for row in rows.values():
        posts[row["author"]] += 1
        engagement[row["author"]] += row["likes"] + row["shares"] + row["replies"]
    top = sorted(posts, key=lambda author: (-posts[author], author))[:20]
    compare.equal("top 20 authors, posts and engagement", [(name, posts[name], engagement[name]) for name in top],
                  [(row["author"], row["n"], row["e"]) for row in duck["authors"]],
                  f"from {top[0]} with {posts[top[0]]:,} posts to {top[-1]} with {posts[top[-1]]:,}")
    lags = [row["created_at"] - rows[row["in_reply_to"]]["created_at"] for row in rows.values()
            if row["author"].endswith("Care") and row["in_reply_to"] in rows]
    ours = (len(lags), quantile(lags, 0.5), round(quantile(lags, 0.95), 3))
    answers = duck["answers"][0]
    compare.equal("answers of the Care accounts, their median and p95 in seconds", ours,
                  (answers["n"], answers["median"], round(answers["p95"], 3)), f"{ours[0]:,}, {ours[1]:.1f}, {ours[2]:.1f}")


def compare_response(compare: Checks, report: dict, duck: dict) -> None:
    """The response rate is over posts that need an answer, as labels say, which no query can; given these posts, DuckDB's
    join must find the same answered ones. An answer further down the thread counts as well: those are only counted here."""
    evidence = report["metrics"][0]["evidence"]
    answered, others = (({post.removeprefix("archive:") for post in evidence[key]}) for key in ("counted", "others"))
    direct = {row["id"] for row in duck["own_lags"] if row["lag"] <= HORIZON_SECONDS}
    compare.equal("needing an answer: not one answered directly counts as unanswered", len(others & direct), 0,
                  f"{len(answered & direct)} of {len(answered | others):,} answered directly, {len(answered - direct)} in their thread")


def compare_posts(compare: Checks, posts: str, rows_path: str, duck: dict, sqlite: str, response: dict,
                  matches: dict[str, str]) -> None:
    rows = {row["id"]: row for row in map(as_row, read_lines(posts))}
    stored = {row["id"]: {field: row.get(field) for field in FIELDS} for row in read_lines(rows_path)}
    database = sqlite3.connect(sqlite)
    count = database.execute("select count(*) from posts").fetchone()[0]
    compare.equal("posts after duplicates, earshot and DuckDB", len(rows), len(stored))
    compare.equal("posts after duplicates, earshot and sqlite", len(rows), count)
    compare.equal("every field of every post", rows, stored, f"{len(FIELDS)} fields")
    compare_answers(compare, rows, duck)
    for word, n in table(duck["mentions"], "brand").items():
        if word in matches:
            compare.equal(f"posts with the word {word}", len(read_lines(matches[word])), n)
    compare_response(compare, response, duck)


def main(verb: str, *paths: str) -> int:
    compare = Checks()
    if verb == "report":
        compare_report(compare, *map(read, paths))
    else:
        posts, rows, duck, sqlite, response = paths[:5]
        compare_posts(compare, posts, rows, read(duck), sqlite, read(response), dict(word.split("=", 1) for word in paths[5:]))
    return 1 if compare.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
