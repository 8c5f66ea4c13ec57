"""The posts: made by the generator that is passed in, or taken from a file."""

import dataclasses
import os
import subprocess

CRON_POSTS = 1_000  # of one cron run


@dataclasses.dataclass
class Corpus:
    """An archive of JSON lines, and the posts that come after it, for cron runs."""

    path: str
    posts: int
    tails: list[str]


def line_count(path: str) -> int:
    with open(path, "rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def build_generator(given: str, folder: str) -> str:
    """The generator as a program; a source file is compiled into `folder`."""
    if not given.endswith((".cpp", ".cc")):
        return os.path.abspath(given)
    program = os.path.join(folder, "make_corpus")
    if not os.path.exists(program) or os.path.getmtime(program) < os.path.getmtime(given):
        subprocess.run([os.environ.get("CXX", "c++"), "-O2", "-std=c++20", given, "-o", program], check=True)
    return program


def _generate(generator: str, path: str, *options: object) -> str:
    with open(path, "wb") as out:
        subprocess.run([generator, *map(str, options)], stdout=out, check=True)
    return path


def generate(generator: str, folder: str, name: str, posts: int, tails: int) -> Corpus:
    """`posts` posts over the year 2024 but its last hours, which are `tails` files of 1,000 posts each."""
    total = posts + tails * CRON_POSTS
    path = _generate(generator, f"{folder}/{name}.jsonl", "--total", total, "--count", posts)
    return Corpus(path, posts, [
        _generate(generator, f"{folder}/{name}-tail{i}.jsonl", "--total", total, "--first", posts + i * CRON_POSTS,
                  "--count", CRON_POSTS) for i in range(tails)])


def take(given: str, folder: str, name: str, tails: int) -> Corpus:
    """An existing archive, cut in the same way: its last posts become the tails."""
    posts = line_count(given) - tails * CRON_POSTS
    corpus = Corpus(f"{folder}/{name}.jsonl", posts, [f"{folder}/{name}-tail{i}.jsonl" for i in range(tails)])
    cut(given, [corpus.path, *corpus.tails], [posts] + [CRON_POSTS] * tails)
    return corpus


def cut(given: str, paths: list[str], counts: list[int]) -> None:
    """Writes the first lines of `given` to the first path, the next to the second, and so on."""
    with open(given, "rb") as lines:
        for path, count in zip(paths, counts):
            with open(path, "wb") as out:
                out.writelines(next(lines) for _ in range(count))


def slices(corpus: Corpus, count: int, path: str):
    """Writes one `count`th of the archive after the other to `path`, and yields the posts in it."""
    each = corpus.posts // count
    with open(corpus.path, "rb") as lines:
        for _ in range(count):
            with open(path, "wb") as out:
                out.writelines(next(lines) for _ in range(each))
            yield each


def with_repeats(generator: str | None, corpus: Corpus, path: str, posts: int) -> str:
    """A small archive in which one line in fifty comes again later; with a generator one in fifty comes late as well."""
    if generator:
        return _generate(generator, path, "--total", posts, "--dup", 20, "--late", 20)
    held: list[tuple[int, bytes]] = []
    with open(corpus.path, "rb") as lines, open(path, "wb") as out:
        for i, line in zip(range(posts), lines):
            out.write(line)
            if i % 50 == 0:
                held.append((i + 1 + i * 7919 % 5000, line))
            if i % 1000 == 0:
                out.writelines(old for due, old in held if due <= i)
                held = [(due, old) for due, old in held if due > i]
        out.writelines(line for _, line in held)
    return path
