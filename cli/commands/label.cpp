#include <functional>
#include <map>

#include <fmt/format.h>

#include "analyze/corrections.hpp"
#include "analyze/language.hpp"
#include "analyze/query.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/label_words.hpp"
#include "cli/labelling.hpp"
#include "cli/numbers.hpp"
#include "cli/post_lookup.hpp"
#include "cli/post_writers.hpp"
#include "store/base/file.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

constexpr std::size_t batch_size = 20'000;

constexpr std::string_view formats[] = {"tsv", "jsonl"};

std::vector<std::string_view> sentiment_choices() {
  return {sentiment_names().begin(), sentiment_names().end()};
}

std::vector<std::string_view> stance_choices() {
  return {stance_names().begin(), stance_names().end()};
}

std::vector<std::string_view> intent_choices() {
  std::vector<std::string_view> names{intent_names().begin(), intent_names().end()};
  names.emplace_back("none");
  return names;
}

constexpr Option options[] = {
    {.name = "sentiment",
     .value = "NAME",
     .help = "what the author feels: negative, neutral or positive",
     .choices = sentiment_choices},
    {.name = "stance",
     .value = "NAME",
     .help = "what the author tells others: detractor, none or advocate",
     .choices = stance_choices},
    {.name = "intent",
     .value = "NAME",
     .help = "what the post wants; these and no others, or none",
     .repeats = true,
     .choices = intent_choices},
    {.name = "list", .value = "", .help = "print the posts that were labelled by hand"},
    {.name = "format",
     .value = "NAME",
     .help = "of --list: tsv (default) or jsonl",
     .choices = listed<formats>},
    {.name = "export",
     .value = "FILE",
     .help = "write their sentiments as label<TAB>text lines, for `earshot train`"},
};

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

/// What the options say of the post.
Result<Correction> requested(const Arguments& arguments) {
  Correction correction;
  if (arguments.has("sentiment")) {
    const auto name = arguments.choice("sentiment", sentiment_names());
    if (!name) return name.error();
    const auto sentiment = parse_sentiment(*name);
    if (!sentiment) return sentiment.error();
    correction.sentiment = *sentiment;
  }
  if (arguments.has("stance")) {
    const auto name = arguments.choice("stance", stance_names());
    if (!name) return name.error();
    const auto stance = parse_stance(*name);
    if (!stance) return stance.error();
    correction.stance = *stance;
  }
  if (arguments.has("intent")) {
    const auto intents = parse_intents(arguments.values("intent"));
    if (!intents) return intents.error();
    correction.intents = *intents;
  }
  return correction;
}

/// Which options go together.
Result<Done> check(const Arguments& arguments, const Correction& correction) {
  const bool all = arguments.has("list") || arguments.has("export");
  if (arguments.has("list") && arguments.has("export"))
    return usage("ask for one of --list and --export");
  if (arguments.has("format") && !arguments.has("list")) return usage("--format goes with --list");
  if (all && (!arguments.operands().empty() || !correction.empty()))
    return usage("--list and --export are about all corrections, and correct none");
  if (all) return Done{};
  if (arguments.operands().empty())
    return usage("which post is missing: earshot label NETWORK:ID --sentiment positive");
  if (correction.empty())
    return usage("what the post says is missing: --sentiment, --stance or --intent");
  return check_post_id(arguments.operands().front());
}

/// Calls `visit` for every post that was labelled by hand, oldest first.
Result<std::uint64_t> for_each_correction(const PostStore& store, Context& context,
                                          const std::function<void(const StoredPost&)>& visit) {
  const auto counters = store.counters();
  if (!counters) return counters.error();
  std::uint64_t seen = 0;
  std::uint64_t found = 0;
  StoredBatch batch;
  ScanCursor cursor;
  for (;;) {
    batch.clear();
    if (auto read = store.scan({}, cursor, batch_size, batch); !read) return read.error();
    if (batch.posts.empty()) break;
    for (const auto& stored : batch.posts) {
      if (!stored.labels.by_hand) continue;
      ++found;
      visit(stored);
    }
    seen += batch.posts.size();
    context.console.show({"looking", seen, "posts", seen, counters->posts});
  }
  context.console.finish_progress();
  return found;
}

void append_tsv(std::string& out, const StoredPost& stored) {
  const auto& labels = stored.labels;
  append_printable(out, post_id(stored.post), LineBreaks::escape);
  fmt::format_to(std::back_inserter(out), "\t{}\t{}\t{}\t{}\t",
                 format_instant(stored.post.posted_at), name_of(labels.sentiment),
                 name_of(labels.stance), describe_intents(labels.intents));
  append_printable(out, flatten(stored.post.text), LineBreaks::escape);
  out += '\n';
}

Result<ExitCode> list(const PostStore& store, std::string_view format, Context& context) {
  std::map<std::uint64_t, Generation> generations;
  const auto write_json = post_writer("jsonl");
  std::string out = format == "tsv" ? "id\tposted_at\tsentiment\tstance\tintents\ttext\n" : "";
  const auto found = for_each_correction(store, context, [&](const StoredPost& stored) {
    if (format == "tsv") return append_tsv(out, stored);
    auto known = generations.find(stored.labels.generation);
    if (known == generations.end()) {
      auto generation = store.generation(stored.labels.generation);
      known =
          generations
              .emplace(stored.labels.generation, generation ? std::move(*generation) : Generation{})
              .first;
    }
    write_json(out, stored, &known->second);
  });
  if (!found) return found.error();
  context.out.write(out);
  return ExitCode::done;
}

Result<ExitCode> export_lines(const PostStore& store, const std::string& path, Context& context) {
  std::string lines;
  std::uint64_t written_lines = 0;
  const auto found = for_each_correction(store, context, [&](const StoredPost& stored) {
    if (stored.labels.sentiment == Sentiment::unsupported) return;  // corrected in other ways
    ++written_lines;
    lines.append(name_of(stored.labels.sentiment)).append("\t");
    lines.append(flatten(stored.post.text)).append("\n");
  });
  if (!found) return found.error();
  if (written_lines == 0)
    return usage("no post is labelled by hand yet; `earshot label NETWORK:ID` does that");
  if (auto written = write_file(path, lines); !written) return written.error();
  context.out.write(
      fmt::format("{} written to {}\n", counted(written_lines, "line", "lines"), path));
  return ExitCode::done;
}

/// Whether the post is urgent by the words that the config calls so.
Result<bool> is_urgent(const Project& project, const Post& post, const Lang& lang) {
  const auto query = QuerySet::compile(std::span{&project.inbox.urgent, 1});
  if (!query) return query.error();
  QuerySet::Scratch scratch;
  std::vector<std::uint8_t> hits(query->size());
  query->match(post, text_of(lang), scratch, hits);
  return hits.front() != 0;
}

/// "net:1: sentiment negative (was positive), stance none, intents complaint; by hand from now on"
std::string outcome_line(const std::string& id, const Labels& before, const Labels& now) {
  const bool known = before.generation != 0;
  const auto part = [&](std::string_view what, std::string_view is, std::string_view was) {
    return fmt::format("{} {}{}", what, is,
                       known && is != was ? fmt::format(" (was {})", was) : "");
  };
  return fmt::format(
      "{}: {}, {}, {}; by hand from now on\n", printable(id),
      part("sentiment", name_of(now.sentiment), name_of(before.sentiment)),
      part("stance", name_of(now.stance), name_of(before.stance)),
      part("intents", describe_intents(now.intents), describe_intents(before.intents)));
}

Result<ExitCode> label(const std::string& id, const Correction& correction, Context& context) {
  const auto config = require_project(context);
  if (!config) return config.error();
  const auto labelling = prepare_labelling(context, *config);
  if (!labelling) return labelling.error();
  const auto store = open_store(config->store_path, StoreUse::write);
  if (!store) return store.error();
  StoredBatch found;
  if (auto looked = find_post(**store, id, found); !looked) return looked.error();
  const auto& stored = found.posts.front();

  const auto& generation = labelling->labeller.generation();
  LabelledPost labelled{.key = stored.key, .labels = {}};
  labelling->labeller.label(std::span{&stored.post, 1}, std::span{&labelled.labels, 1});
  if (stored.labels.by_hand)
    keep_correction(stored.labels, stored.post, generation.entities, labelled.labels);
  const auto urgent = is_urgent(config->project, stored.post, labelled.labels.lang);
  if (!urgent) return urgent.error();
  correct(correction, stored.post, generation.entities, *urgent, labelled.labels);
  const auto written =
      (*store)->append({.labels = std::span{&labelled, 1}, .generation = generation});
  if (!written) return written.error();
  context.out.write(outcome_line(id, stored.labels, labelled.labels));
  return ExitCode::done;
}

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto format = arguments.choice("format", formats);
  if (!format) return format.error();
  const auto correction = requested(arguments);
  if (!correction) return correction.error();
  if (auto checked = check(arguments, *correction); !checked) return checked.error();
  if (!arguments.operands().empty())
    return label(arguments.operands().front(), *correction, context);

  const auto config = find_project(context);
  if (!config) return config.error();
  const auto path = store_path(context, *config);
  if (!path) return path.error();
  if (const auto file = arguments.value("export"))
    if (auto checked = check_writable(*file); !checked) return checked.error();
  const auto store = open_store(*path, StoreUse::read);
  if (!store) return store.error();
  if (const auto file = arguments.value("export")) return export_lines(**store, *file, context);
  return list(**store, *format, context);
}

}  // namespace

CommandDetails describe_label() {
  return {
      .operands = "[NETWORK:ID]",
      .max_operands = 1,
      .description =
          "Corrects the labels of a post by hand. What you don't name stays as it is. Sentiment, "
          "stance and intents of the\n"
          "post are then yours: no model, no config and no `earshot analyze --all` changes "
          "them. Only new content of the post\n"
          "asks for labels again. What was corrected can be listed, and trained on.",
      .example = "earshot label mastodon:113490 --sentiment negative --intent complaint",
      .options = options,
      .run = run};
}

}  // namespace earshot
