#include <fmt/format.h>

#include "analyze/language.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/explain_writers.hpp"
#include "cli/labelling.hpp"
#include "cli/post_lookup.hpp"

namespace earshot {

namespace {

constexpr std::string_view formats[] = {"text", "json"};

constexpr Option options[] = {
    {.name = "text", .value = "TEXT", .help = "explain this text in place of a stored post"},
    {.name = "format",
     .value = "NAME",
     .help = "text (default) or json",
     .choices = listed<formats>},
};

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

/// Fills in why the labels are what they are. `reasons` has text, labels and generation.
Result<Done> explain(const Post& post, const Project& project, const SentimentModel& model,
                     PostReasons& reasons) {
  reasons.sentiment = explain_sentiment(model, post.text, reasons.labels.lang);
  reasons.advocacy = explain_advocacy(post.text, reasons.sentiment.score);
  for (const auto& label : reasons.labels.entities) {
    if (label.entity >= reasons.generation.entities.size()) continue;
    const auto& entity = reasons.generation.entities[label.entity];
    auto match = explain_match(project, entity, post, text_of(reasons.labels.lang));
    if (!match) return match.error();
    reasons.entities.push_back({entity, label, *std::move(match)});
  }
  return Done{};
}

/// The labels that the present model and config give.
Labels fresh_labels(const Labeller& labeller, const Post& post) {
  Labels labels;
  labeller.label(std::span{&post, 1}, std::span{&labels, 1});
  return labels;
}

Result<Done> show(const Post& post, const Project& project, const Labelling& labelling,
                  std::string_view format, PostReasons& reasons, Context& context) {
  reasons.text = post.text;
  const auto explained = explain(post, project, *labelling.model, reasons);
  if (!explained) return explained.error();
  context.out.write(format == "json" ? explanation_json(reasons) : explanation_text(reasons));
  return Done{};
}

Result<Done> show_text(const std::string& text, std::string_view format, Context& context) {
  const auto found = find_project(context);
  if (!found) return found.error();
  const auto config = found->value_or(Config{});
  const auto labelling = prepare_labelling(context, config);
  if (!labelling) return labelling.error();
  Post post;
  post.text = text;
  PostReasons reasons;
  reasons.labels = fresh_labels(labelling->labeller, post);
  reasons.generation = labelling->labeller.generation();
  reasons.present = true;
  return show(post, config.project, *labelling, format, reasons, context);
}

Result<Done> show_post(const std::string& id, std::string_view format, Context& context) {
  if (auto checked = check_post_id(id); !checked) return checked;
  const auto config = require_project(context);
  if (!config) return config.error();
  const auto labelling = prepare_labelling(context, *config);
  if (!labelling) return labelling.error();
  const auto store = open_store(config->store_path, StoreUse::read);
  if (!store) return store.error();
  StoredBatch found;
  if (auto looked = find_post(**store, id, found); !looked) return looked;

  const auto& stored = found.posts.front();
  PostReasons reasons;
  reasons.post = stored.post;
  reasons.labels = stored.labels;
  reasons.generation = labelling->labeller.generation();
  reasons.stored = stored.labels.generation != 0;
  if (!reasons.stored) reasons.labels = fresh_labels(labelling->labeller, stored.post);
  reasons.present = reasons.labels.generation == reasons.generation.id();
  if (!reasons.present) {
    auto generation = (*store)->generation(stored.labels.generation);
    if (!generation) return generation.error();
    reasons.generation = std::move(*generation);
  }
  return show(stored.post, config->project, *labelling, format, reasons, context);
}

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto format = arguments.choice("format", formats);
  if (!format) return format.error();
  const auto text = arguments.value("text");
  const bool has_id = !arguments.operands().empty();
  if (text && has_id) return usage("give the id of a post or --text, not both");
  if (!text && !has_id)
    return usage("which post is missing: earshot explain NETWORK:ID, or --text \"...\"");
  const auto shown = text ? show_text(*text, *format, context)
                          : show_post(arguments.operands().front(), *format, context);
  if (!shown) return shown.error();
  return ExitCode::done;
}

}  // namespace

CommandDetails describe_explain() {
  return {.operands = "[NETWORK:ID]",
          .max_operands = 1,
          .description =
              "Says why a post has its labels: the probabilities of the sentiment and the words "
              "that decided, by how much the\n"
              "score falls without each of them; the clauses that make a stance or an intent; what "
              "the post is about, by which\n"
              "query and by which of its words; language, account, group of repeats, priority, and "
              "who gave the labels. With\n"
              "--text it is about a text of your own.",
          .example = "earshot explain mastodon:113490",
          .options = options,
          .run = run};
}

}  // namespace earshot
