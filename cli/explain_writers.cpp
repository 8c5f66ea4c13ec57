#include "cli/explain_writers.hpp"

#include <fmt/format.h>

#include "analyze/language.hpp"
#include "cli/json_object.hpp"
#include "cli/label_words.hpp"
#include "store/base/json_text.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

/// "sentiment   positive": the name in a column of its own.
void add_line(std::string& out, std::string_view name, std::string_view value) {
  fmt::format_to(std::back_inserter(out), "{:<12}{}\n", name, value);
}

std::string owner_of(const PostReasons& reasons) {
  const auto owner = reasons.labels.owner;
  if (owner < reasons.generation.entities.size()) return reasons.generation.entities[owner].name;
  return {};
}

std::string describe_words(const std::vector<WordWeight>& words) {
  std::string list;
  for (const auto& [word, weight] : words)
    list += fmt::format("{}{} {:+.2f}", list.empty() ? "" : ", ", printable(word), weight);
  return list.empty() ? "nothing" : list;
}

std::string describe_features(const std::vector<FeatureWeight>& features) {
  std::string list;
  for (const auto& [kind, name, weight] : features)
    list += fmt::format("{}{} \"{}\" {:+.2f}", list.empty() ? "" : ", ", name_of(kind),
                        printable(name), weight);
  return list.empty() ? "nothing" : list;
}

void add_post(std::string& out, const PostReasons& reasons) {
  if (reasons.post) {
    const auto& post = *reasons.post;
    out += printable(post_id(post)) + "  " + format_instant(post.posted_at);
    for (const auto part :
         {post.channel, post.author_name.empty() ? post.author_id : post.author_name})
      if (!part.empty()) out += "  " + printable(part);
    out += '\n';
  }
  std::string text;
  append_printable(text, reasons.text, LineBreaks::keep);
  out += "  ";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "  ";
  }
  out += "\n\n";
}

void add_sentiment(std::string& out, const PostReasons& reasons) {
  const auto& [score, chances, positive, negative, features, passed_over] = reasons.sentiment;
  add_line(out, "sentiment",
           fmt::format("{}{}", name_of(reasons.labels.sentiment),
                       reasons.labels.by_hand ? ", by hand" : ""));
  if (score.sentiment == Sentiment::unsupported)
    return add_line(out, "  model", "does not know the language");
  add_line(out, "  model",
           fmt::format("{} (negative {:.3f}, neutral {:.3f}, positive {:.3f})",
                       name_of(score.sentiment), chances[0], chances[1], chances[2]));
  add_line(out, "  towards +", describe_words(positive));
  add_line(out, "  towards -", describe_words(negative));
  add_line(out, "  n-grams", describe_features(features));
  if (passed_over > 0)
    add_line(
        out, "",
        fmt::format("of the first {} words; {} more were not weighed", most_words, passed_over));
}

void add_clauses(std::string& out, const PostReasons& reasons) {
  const auto& labels = reasons.labels;
  const auto* by_hand = labels.by_hand ? ", by hand" : "";
  add_line(out, "stance", fmt::format("{}{}", name_of(labels.stance), by_hand));
  add_line(out, "intents", fmt::format("{}{}", describe_intents(labels.intents), by_hand));
  for (const auto& [label, clause] : reasons.advocacy.clauses)
    out += fmt::format("  {}: \"{}\"\n", label, printable(clause));
  for (const auto& [rule, phrase, counts] : reasons.advocacy.rules)
    out += fmt::format("  rule {}: \"{}\"{}\n", rule, printable(phrase),
                       counts ? "" : ", does not count here");
  out += fmt::format("  complaint: log-odds {:+.2f}, one from {:+.2f} if something is amiss\n",
                     reasons.advocacy.complaint_log_odds, reasons.advocacy.complaint_threshold);
}

void add_entities(std::string& out, const PostReasons& reasons) {
  if (reasons.entities.empty()) return add_line(out, "about", "nothing that the config names");
  for (const auto& [entity, label, match] : reasons.entities) {
    auto line = fmt::format("{} {}: {}, {}", name_of(entity.kind), printable(entity.name),
                            name_of(label.sentiment), name_of(label.stance));
    if (label.matched && !match.query.empty()) {
      line += fmt::format("; its query matches: {}", printable(match.query));
      std::string words;
      for (const auto& word : match.words) words += (words.empty() ? "" : ", ") + printable(word);
      if (!words.empty()) line += fmt::format(" (by: {})", words);
    }
    if (label.addressed) line += "; addressed";
    add_line(out, "about", line);
  }
}

std::string describe_origin(const PostReasons& reasons) {
  if (!reasons.stored) return "not stored: what the present model and config say";
  return fmt::format("{} model {}, generation {:016x}{}",
                     reasons.labels.by_hand ? "by hand; all else by" : "by",
                     printable(reasons.generation.model), reasons.labels.generation,
                     reasons.present ? "" : ", not the present model and config");
}

std::string json_words(const std::vector<WordWeight>& words) {
  std::string out = "[";
  for (const auto& [word, weight] : words) {
    if (out.size() > 1) out += ',';
    JsonObject object{out};
    object.text("word", word).raw("weight", fmt::format("{:.4f}", weight)).end();
  }
  return out + "]";
}

std::string json_features(const std::vector<FeatureWeight>& features) {
  std::string out = "[";
  for (const auto& [kind, name, weight] : features) {
    if (out.size() > 1) out += ',';
    JsonObject object{out};
    object.text("kind", name_of(kind)).text("name", name);
    object.raw("weight", fmt::format("{:.4f}", weight)).end();
  }
  return out + "]";
}

std::string json_rules(const std::vector<RuleReason>& rules) {
  std::string out = "[";
  for (const auto& [rule, phrase, counts] : rules) {
    if (out.size() > 1) out += ',';
    JsonObject object{out};
    object.text("rule", rule).text("phrase", phrase).boolean("counts", counts).end();
  }
  return out + "]";
}

std::string json_texts(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const auto& text : texts) {
    if (out.size() > 1) out += ',';
    append_json_string(out, text);
  }
  return out + "]";
}

std::string json_sentiment(const PostReasons& reasons) {
  const auto& sentiment = reasons.sentiment;
  const auto& chances = sentiment.probabilities;
  std::string out;
  JsonObject object{out};
  object.text("label", name_of(reasons.labels.sentiment));
  object.text("model", name_of(sentiment.score.sentiment));
  object.raw("probabilities",
             sentiment.score.sentiment == Sentiment::unsupported
                 ? "null"
                 : fmt::format(R"({{"negative":{:.4f},"neutral":{:.4f},"positive":{:.4f}}})",
                               chances[0], chances[1], chances[2]));
  object.raw("toward_positive", json_words(sentiment.toward_positive));
  object.raw("toward_negative", json_words(sentiment.toward_negative));
  object.raw("features", json_features(sentiment.features));
  object.number("words_passed_over", sentiment.words_passed_over).end();
  return out;
}

std::string json_clauses(const std::vector<ClauseReason>& clauses) {
  std::string out = "[";
  for (const auto& [label, clause] : clauses) {
    if (out.size() > 1) out += ',';
    JsonObject object{out};
    object.text("label", label).text("clause", clause).end();
  }
  return out + "]";
}

std::string json_intents(Intents intents) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < intent_count; ++i)
    if (intents.has(static_cast<Intent>(i))) names.emplace_back(name_of(static_cast<Intent>(i)));
  return json_texts(names);
}

std::string json_entities(const std::vector<EntityReason>& entities) {
  std::string out = "[";
  for (const auto& [entity, label, match] : entities) {
    if (out.size() > 1) out += ',';
    JsonObject object{out};
    object.text("kind", name_of(entity.kind)).text("name", entity.name);
    object.text("sentiment", name_of(label.sentiment)).text("stance", name_of(label.stance));
    object.boolean("matched", label.matched).boolean("addressed", label.addressed);
    object.text_or_null("query", match.query).raw("words", json_texts(match.words)).end();
  }
  return out + "]";
}

}  // namespace

std::string explanation_text(const PostReasons& reasons) {
  const auto& labels = reasons.labels;
  std::string out;
  add_post(out, reasons);
  add_sentiment(out, reasons);
  add_clauses(out, reasons);
  add_entities(out, reasons);
  const auto lang = text_of(labels.lang);
  add_line(out, "language", lang.empty() ? "unknown" : lang);
  const auto owner = owner_of(reasons);
  add_line(out, "written by", owner.empty() ? "no account of the config" : printable(owner));
  if (labels.affiliate) add_line(out, "", "staff or affiliate: never an advocate");
  add_line(out, "repeats",
           labels.group == 0 ? "too short or a reply: never taken for one"
                             : fmt::format("group {:012x}", labels.group));
  add_line(out, "priority", std::to_string(labels.priority));
  add_line(out, "labels", describe_origin(reasons));
  return out;
}

std::string explanation_json(const PostReasons& reasons) {
  const auto& labels = reasons.labels;
  std::string out;
  JsonObject object{out};
  object.text_or_null("id", reasons.post ? post_id(*reasons.post) : std::string{});
  object.text("text", reasons.text).raw("sentiment", json_sentiment(reasons));
  object.text("stance", name_of(labels.stance)).raw("intents", json_intents(labels.intents));
  object.raw("clauses", json_clauses(reasons.advocacy.clauses));
  object.raw("rules", json_rules(reasons.advocacy.rules));
  object.raw("complaint_log_odds", fmt::format("{:.2f}", reasons.advocacy.complaint_log_odds));
  object.raw("complaint_threshold", fmt::format("{:.2f}", reasons.advocacy.complaint_threshold));
  object.raw("entities", json_entities(reasons.entities));
  object.text_or_null("lang", text_of(labels.lang)).text_or_null("owner", owner_of(reasons));
  object.boolean("affiliate", labels.affiliate);
  object.text_or_null("group", labels.group == 0 ? "" : fmt::format("{:012x}", labels.group));
  object.number("priority", labels.priority).boolean("by_hand", labels.by_hand);
  object.boolean("stored", reasons.stored).boolean("present", reasons.present);
  object.text("generation", fmt::format("{:016x}", labels.generation));
  object.text("model", reasons.generation.model).end();
  return out + "\n";
}

}  // namespace earshot
