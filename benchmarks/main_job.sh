#!/usr/bin/env bash
# Times the main job on an archive in the made corpus' layout (configs/mappings/make_corpus.toml): ingest, analyze, report over 2024, report on
# a few metrics.
# Prints one line a step and run: wall and CPU microseconds a post, posts a second, peak memory; then the bytes kept a post.
#
#   benchmarks/main_job.sh POSTS.jsonl [RUNS]      (3 runs; take the median; a Release build)
set -euo pipefail
archive=$(realpath "${1:?usage: benchmarks/main_job.sh POSTS.jsonl [RUNS]}")
runs=${2:-3}
cd "$(dirname "$0")/.."
earshot=build/release/cli/earshot
posts=$(wc -l <"$archive")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

step() {
  local name=$1
  shift
  /usr/bin/time -o "$folder/time" -f "%e %U %S %M" "$earshot" "$@" --config benchmarks/main_job.toml --store "$folder/store" >"$folder/out"
  awk -v name="$name" -v posts="$posts" '{ cpu = $2 + $3
    printf "%-8s %7.2f s wall  %9d posts/s  %6.2f us CPU a post  %4d MB peak\n", name, $1, posts / $1, cpu * 1e6 / posts, $4 / 1024 }' "$folder/time"
}

for ((run = 1; run <= runs; ++run)); do
  rm -rf "$folder/store"
  step ingest ingest --mapping configs/mappings/make_corpus.toml "$archive"
  step analyze analyze
  step report report --since 2024-01-01 --until 2025-01-01 --format json
  step few report --since 2024-01-01 --until 2025-01-01 --format json --metric listening_volume \
    --metric share_of_voice --metric first_response_time --metric response_rate
  echo "kept     $(($(du -sb "$folder/store" | cut -f1) / posts)) bytes a post"
done
