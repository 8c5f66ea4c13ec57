#include <unistd.h>

#include <algorithm>
#include <array>
#include <future>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/line_classifier.hpp"
#include "cli/numbers.hpp"
#include "store/base/parallel.hpp"

namespace earshot {

namespace {

constexpr std::size_t chunk_size = 512;  // lines that one thread takes at a time

constexpr std::string_view inputs[] = {"text", "jsonl"};

constexpr Option options[] = {
    {.name = "input",
     .value = "NAME",
     .help = "text (default): a post a line; jsonl: an object a line",
     .choices = listed<inputs>},
    {.name = "field", .value = "NAME", .help = "where an object has its text (default: text)"},
    {.name = "model",
     .value = "FILE",
     .help = "the model (default: the config's, else the one that comes with earshot)"},
};

/// One chunk's answer.
struct Chunk {
  std::string text;
  std::uint64_t bad = 0;
};

/// Answers all lines, chunks of them side by side, into `chunks` in the order of the lines.
void classify(const LineClassifier& classifier, std::span<const InputLine> lines,
              std::vector<Chunk>& chunks) {
  chunks.resize((lines.size() + chunk_size - 1) / chunk_size);
  parallel_slices(chunks.size(), 1, [&](std::size_t begin, std::size_t end) {
    LineClassifier::Scratch scratch;
    for (std::size_t i = begin; i < end; ++i) {
      const auto part =
          lines.subspan(i * chunk_size, std::min(chunk_size, lines.size() - i * chunk_size));
      chunks[i].text.clear();
      chunks[i].bad = classifier.classify(part, scratch, chunks[i].text);
    }
  });
}

Result<ExitCode> classify_input(const LineClassifier& classifier, Context& context) {
  LineReader reader{STDIN_FILENO};
  std::array<LineBatch, 2> batches;
  std::vector<Chunk> chunks;
  std::uint64_t bad = 0;
  std::future<Result<Done>> ahead;
  for (std::size_t turn = 0; !context.out.closed(); ++turn) {
    LineBatch& batch = batches[turn % 2];
    LineBatch& following = batches[(turn + 1) % 2];
    const auto read = ahead.valid() ? ahead.get() : reader.next(batch);
    if (!read) return read.error();
    if (batch.lines.empty()) break;
    // Ahead only of what is there: who waits for an answer before the next line would wait forever.
    if (reader.ready())
      ahead = std::async(std::launch::async, [&] { return reader.next(following); });
    classify(classifier, batch.lines, chunks);
    for (const auto& chunk : chunks) {
      context.out.write(chunk.text);
      bad += chunk.bad;
    }
    if (!context.out.flush()) break;  // the program's own last flush tells
  }
  if (bad == 0) return ExitCode::done;
  context.console.say(
      fmt::format("{} could not be read; the answers say why", counted(bad, "line", "lines")));
  return ExitCode::partly;
}

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto input = arguments.choice("input", inputs);
  if (!input) return input.error();
  if (*input == "text" && arguments.has("field"))
    return Error{Error::Kind::usage, "--field is for --input jsonl"};
  const auto format =
      *input == "text" ? LineClassifier::Format::text : LineClassifier::Format::jsonl;
  std::optional<Config> config;
  if (context.config) {
    auto found = find_project(context);
    if (!found) return found.error();
    config = std::move(*found);
  }
  const auto model = SentimentModel::load(find_model(context, arguments.value("model"), config));
  if (!model) return model.error();
  const LineClassifier classifier{*model, format, arguments.value_or("field", "text")};
  return classify_input(classifier, context);
}

}  // namespace

CommandDetails describe_classify() {
  return {.operands = "",
          .max_operands = 0,
          .description =
              "Reads posts from stdin and writes one JSON object a line, in the same order: "
              "sentiment, sentiment_p, stance,\n"
              "intents, and lang, null where it is not known. Of a JSON object the id is carried "
              "over, and its lang is\n"
              "believed. A line that can't be read gives {\"error\": \"...\"} in its place and "
              "exit code 3. Needs neither\n"
              "config nor store.",
          .example = "echo 'Where is my order? Third day late!' | earshot classify",
          .options = options,
          .run = run};
}

}  // namespace earshot
