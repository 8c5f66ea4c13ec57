#include "store/rocks/label_block.hpp"

#include <algorithm>

namespace earshot::rocks {

namespace {

using Flag = std::uint64_t;
constexpr Flag is_labelled = 1, only_thanks = 2, affiliate = 4, by_hand = 8, has_group = 16,
               has_question = 32;

/// Sentiment, stance and a small number in one byte.
std::uint64_t pack_feeling(Sentiment sentiment, Stance stance, unsigned rest) {
  return static_cast<unsigned>(static_cast<int>(sentiment) + 1) |
         static_cast<unsigned>(static_cast<int>(stance) + 1) << 2U | std::uint64_t{rest} << 4U;
}
Sentiment sentiment_in(std::uint64_t packed) {
  return static_cast<Sentiment>(static_cast<int>(packed & 3U) - 1);
}
Stance stance_in(std::uint64_t packed) {
  return static_cast<Stance>(static_cast<int>(packed >> 2U & 3U) - 1);
}

std::uint64_t flags_of(const Labels& labels) {
  return is_labelled | (labels.only_thanks ? only_thanks : 0U) |
         (labels.affiliate ? affiliate : 0U) | (labels.by_hand ? by_hand : 0U) |
         (labels.group != 0 ? has_group : 0U) | (labels.question != 0 ? has_question : 0U);
}

/// How many list entries each row has, as where each row's begin, and the end of the last.
std::vector<std::uint32_t> begins(const std::vector<std::uint64_t>& counts, bool& sound) {
  std::vector<std::uint32_t> begins{0};
  std::uint64_t sum = 0;
  for (const auto count : counts) {
    sum += count;
    if (count > most_in_block || sum > UINT32_MAX / 2) sound = false;
    begins.push_back(static_cast<std::uint32_t>(sound ? sum : 0));
  }
  return begins;
}

const Labels& none() {
  static const Labels labels;
  return labels;
}

}  // namespace

void encode_labels(std::span<const Labels* const> all, std::string& out) {
  Section section;
  ColumnWriter to{section};
  const auto column = [&](auto&& value) {
    std::vector<std::uint64_t> rows;
    rows.reserve(all.size());
    for (const auto* labels : all) rows.push_back(value(labels == nullptr ? none() : *labels));
    to.numbers(rows);
  };
  std::vector<std::uint64_t> generations, lists;
  for (const auto* labels : all)
    if (labels != nullptr &&
        std::ranges::find(generations, labels->generation) == generations.end())
      generations.push_back(labels->generation);
  const std::uint64_t generation_count = generations.size();
  to.numbers({&generation_count, 1});
  to.numbers(generations);
  std::vector<std::uint64_t> flags;
  for (const auto* labels : all) flags.push_back(labels == nullptr ? 0 : flags_of(*labels));
  to.numbers(flags);
  column([&](const Labels& labels) {
    const auto at = std::ranges::find(generations, labels.generation);
    return at == generations.end() ? 0U : static_cast<std::uint64_t>(at - generations.begin());
  });
  column([](const Labels& labels) {
    return std::uint64_t{static_cast<unsigned char>(labels.lang[0])} << 8U |
           static_cast<unsigned char>(labels.lang[1]);
  });
  column([](const Labels& labels) {
    return pack_feeling(labels.sentiment, labels.stance, labels.priority);
  });
  column([](const Labels& labels) { return labels.sentiment_permille; });
  column([](const Labels& labels) { return labels.intents.bits(); });
  column([](const Labels& labels) { return labels.marks.bits(); });
  column([](const Labels& labels) {
    return static_cast<std::uint16_t>(labels.owner + 1U);  // 0 for the public
  });
  const auto list = [&](auto&& add) {
    lists.clear();
    for (const auto* labels : all)
      if (labels != nullptr) add(*labels);
    to.numbers(lists);
  };
  list([&](const Labels& labels) {
    if (labels.group != 0) lists.push_back(labels.group);
  });
  list([&](const Labels& labels) {
    if (labels.question != 0) lists.push_back(labels.question);
  });
  column([](const Labels& labels) { return labels.entities.size(); });
  list([&](const Labels& labels) {
    for (const auto& row : labels.entities) lists.push_back(row.entity);
  });
  list([&](const Labels& labels) {
    for (const auto& row : labels.entities)
      lists.push_back(pack_feeling(row.sentiment, row.stance,
                                   (row.matched ? 1U : 0U) | (row.addressed ? 2U : 0U)));
  });
  column([](const Labels& labels) { return labels.links.size(); });
  list([&](const Labels& labels) {
    lists.insert(lists.end(), labels.links.begin(), labels.links.end());
  });
  out.clear();
  compress(section, out);
}

bool LabelBlock::read(std::string_view bytes, std::size_t rows) {
  flags_.assign(rows, 0);
  if (bytes.empty()) return true;
  if (!decompress(bytes, section_)) return false;
  TextArena unused;
  ColumnReader from{section_, rows, unused};
  const auto generation_count = from.numbers(1).front();
  if (generation_count > rows) return false;
  generations_ = from.numbers(generation_count);
  auto flags = from.numbers();
  for (auto* column : {&generation_, &lang_, &feeling_, &permille_, &intents_, &marks_, &owner_})
    *column = from.numbers();
  const auto listed = [&](Flag flag) {
    return static_cast<std::size_t>(
        std::ranges::count_if(flags, [&](std::uint64_t row) { return (row & flag) != 0; }));
  };
  groups_ = from.numbers(listed(has_group));
  questions_ = from.numbers(listed(has_question));
  if (!read_lists(from)) return false;
  for (std::size_t i = 0; i < rows; ++i)
    if ((flags[i] & is_labelled) != 0 && generation_[i] >= generations_.size()) return false;
  // Spread over the rows, from the last on, so that each is read in place.
  const auto spread = [&](std::vector<std::uint64_t>& list, Flag flag) {
    auto from_list = list.size();
    list.resize(rows, 0);
    for (std::size_t i = rows; i-- > 0;) {
      const bool here = (flags[i] & flag) != 0;
      list[i] = here ? list[--from_list] : 0;
    }
  };
  spread(groups_, has_group);
  spread(questions_, has_question);
  flags_ = std::move(flags);
  return true;
}

bool LabelBlock::read_lists(ColumnReader& from) {
  bool sound = true;
  first_entity_ = begins(from.numbers(), sound);
  if (!sound) return false;
  entity_index_ = from.numbers(first_entity_.back());
  entity_feeling_ = from.numbers(first_entity_.back());
  first_link_ = begins(from.numbers(), sound);
  if (!sound) return false;
  links_ = from.numbers(first_link_.back());
  return from.done();
}

EntityLabel LabelBlock::entity(std::size_t at) const {
  const auto packed = entity_feeling_[at];
  return {.entity = static_cast<EntityIndex>(entity_index_[at]),
          .sentiment = sentiment_in(packed),
          .stance = stance_in(packed),
          .matched = (packed >> 4U & 1U) != 0,
          .addressed = (packed >> 5U & 1U) != 0};
}

Labels LabelBlock::labels(std::size_t row, std::uint64_t content) const {
  Labels labels;
  if (!labelled(row)) return labels;
  Fact fact;
  FactBatch batch;
  add_to(row, fact, batch);
  labels.content = content;
  labels.generation = fact.generation;
  labels.group = fact.group;
  labels.question = fact.question;
  labels.lang = fact.lang;
  labels.sentiment = fact.sentiment;
  labels.sentiment_permille = static_cast<std::uint16_t>(permille_[row]);
  labels.stance = fact.stance;
  labels.intents = fact.intents;
  labels.marks = fact.marks;
  labels.owner = fact.owner;
  labels.priority = fact.priority;
  labels.only_thanks = fact.only_thanks;
  labels.affiliate = fact.affiliate;
  labels.by_hand = (flags_[row] & by_hand) != 0;
  labels.entities = std::move(batch.entities);
  labels.links = std::move(batch.links);
  return labels;
}

void LabelBlock::add_to(std::size_t row, Fact& fact, FactBatch& batch) const {
  if (!labelled(row)) return;
  fact.generation = generation(row);
  fact.group = groups_[row];
  fact.question = questions_[row];
  fact.lang = {static_cast<char>(lang_[row] >> 8U), static_cast<char>(lang_[row] & 0xFFU)};
  fact.sentiment = sentiment_in(feeling_[row]);
  fact.stance = stance_in(feeling_[row]);
  fact.intents = Intents{static_cast<std::uint8_t>(intents_[row])};
  fact.marks = Marks{static_cast<std::uint8_t>(marks_[row])};
  fact.owner = static_cast<EntityIndex>(owner_[row] - 1);
  fact.priority = static_cast<std::uint8_t>(feeling_[row] >> 4U);
  fact.only_thanks = (flags_[row] & only_thanks) != 0;
  fact.affiliate = (flags_[row] & affiliate) != 0;
  fact.first_entity = static_cast<std::uint32_t>(batch.entities.size());
  fact.entity_count = first_entity_[row + 1] - first_entity_[row];
  for (auto at = first_entity_[row]; at < first_entity_[row + 1]; ++at)
    batch.entities.push_back(entity(at));
  fact.first_link = static_cast<std::uint32_t>(batch.links.size());
  fact.link_count = first_link_[row + 1] - first_link_[row];
  batch.links.insert(batch.links.end(), links_.begin() + first_link_[row],
                     links_.begin() + first_link_[row + 1]);
}

}  // namespace earshot::rocks
