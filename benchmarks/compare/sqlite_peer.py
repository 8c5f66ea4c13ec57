"""What one writes in an afternoon: Python's json and sqlite3, a primary key, a write-ahead log.

    sqlite_peer.py POSTS.jsonl DATABASE      loads the file; known ids are ignored
"""

import json
import sqlite3
import sys

FIELDS = ["id", "channel", "author", "followers", "text", "created_at", "in_reply_to", "likes", "shares", "replies", "url", "lang"]


def load(archive: str, path: str) -> None:
    database = sqlite3.connect(path)
    database.execute("pragma journal_mode = wal")
    database.execute("pragma synchronous = normal")
    database.execute("""create table if not exists posts (id text primary key, channel text, author text, followers integer, text text,
        created_at text, in_reply_to text, likes integer, shares integer, replies integer, url text, lang text)""")
    insert = f"insert or ignore into posts values ({', '.join('?' * len(FIELDS))})"
    with open(archive, encoding="utf-8") as lines, database:
        database.executemany(insert, (tuple(map(json.loads(line).get, FIELDS)) for line in lines))
    database.execute("pragma wal_checkpoint(truncate)")
    database.close()


if __name__ == "__main__":
    load(sys.argv[1], sys.argv[2])
