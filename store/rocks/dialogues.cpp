#include "store/rocks/dialogues.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include "store/own_rows.hpp"
#include "store/rocks/bytes.hpp"
#include "store/rocks/rollups.hpp"
#include "store/rocks/row_columns.hpp"

namespace earshot::rocks {

namespace {

using Hashes = std::vector<std::uint64_t>;

/// The hashes that rows name, each once; rows are written with their numbers.
template <class Rows, class Value>
Hashes distinct(const Rows& rows, Value value) {
  Hashes known;
  for (const auto& row : rows) known.push_back(value(row));
  std::ranges::sort(known);
  known.erase(std::unique(known.begin(), known.end()), known.end());
  return known;
}

std::int64_t number_in(const Hashes& known, std::uint64_t hash) {
  return std::ranges::lower_bound(known, hash) - known.begin();
}

template <class Rows>
Hashes entities_of(const Rows& rows) {
  Hashes entities;
  for (const auto& row : rows)
    entities.insert(entities.end(), row.entities.begin(), row.entities.end());
  return entities;
}

void write_lists(Section& section, std::uint64_t rows, std::initializer_list<Hashes> lists) {
  Hashes sizes{rows};
  for (const auto& list : lists) sizes.push_back(list.size());
  ColumnWriter head{section};
  head.numbers(sizes);
  for (const auto& list : lists) head.numbers(list);
}

template <class Rows>
void write_times(const Rows& rows, Instant begin, RowsWriter& to) {
  to.column(rows, [last = begin](const auto& row) mutable {
    return (row.key.posted_at - std::exchange(last, row.key.posted_at)).count();
  });
}

/// What rows of all kinds are read back by.
class PartReader {
 public:
  explicit PartReader(std::string_view section) : from_{section} {}

  /// The number of rows, and the lists in front of them; false if they are too long.
  bool read_lists(std::size_t& rows, std::initializer_list<Hashes*> lists) {
    const auto sizes = from_.numbers(lists.size() + 1);
    if (std::ranges::any_of(sizes, [](std::uint64_t size) { return size > most_kept_rows; }))
      return false;
    rows = sizes[0];
    std::size_t next = 0;
    for (auto* list : lists) *list = from_.numbers(sizes[++next]);
    return true;
  }

  template <class Rows, class Set>
  void column(Rows& rows, Set set) {
    from_.column(rows, set);
  }

  template <class Rows>
  void read_times(Rows& rows, Instant begin) {
    auto at = begin;
    from_.column(rows, [&](auto& row, std::uint64_t after) {
      sound_ = sound_ && after < 86'400;
      at += std::chrono::seconds{after % 86'400};
      row.key.posted_at = at;
    });
  }

  /// How many of `entities` belong to each row.
  template <class Rows>
  void read_entities(Rows& rows, const Hashes& entities) {
    auto entity = entities.begin();
    from_.column(rows, [&](auto& row, std::uint64_t count) {
      sound_ = sound_ && count <= static_cast<std::uint64_t>(entities.end() - entity);
      if (!sound_) return;
      const auto end = entity + static_cast<std::ptrdiff_t>(count);
      row.entities.assign(entity, end);
      entity = end;
    });
    sound_ = sound_ && entity == entities.end();
  }

  std::uint64_t look_up(const Hashes& known, std::uint64_t number) {
    sound_ = sound_ && number < known.size();
    return sound_ ? known[number] : 0;
  }

  bool done() const { return sound_ && from_.done(); }

 private:
  RowsReader from_;
  bool sound_ = true;
};

std::uint64_t stored_sentiment(Sentiment sentiment) {
  return static_cast<std::uint64_t>(static_cast<int>(sentiment) + 1);
}

Sentiment read_sentiment(std::uint64_t bits) {
  return static_cast<Sentiment>(static_cast<int>(bits & 3U) - 1);
}

std::uint64_t stored_count(std::int64_t count) {
  return static_cast<std::uint64_t>(count) + 1;
}

std::int64_t read_count(std::uint64_t stored) {
  return static_cast<std::int64_t>(stored - 1);
}

void write_waits(Instant begin, const std::vector<InboxItem>& rows, Section& section) {
  const auto channels = distinct(rows, [](const InboxItem& row) { return row.channel; });
  const auto responders = distinct(rows, [](const InboxItem& row) { return row.responder; });
  write_lists(section, rows.size(), {channels, responders, entities_of(rows)});
  RowsWriter to{section};
  write_times(rows, begin, to);
  to.column(rows, [&](const InboxItem& row) { return number_in(channels, row.channel); });
  to.column(rows, [](const InboxItem& row) { return packed(row.owner); });
  to.column(rows, [](const InboxItem& row) {
    return static_cast<std::uint64_t>(row.priority) << 2U | stored_sentiment(row.sentiment);
  });
  to.column(rows, [](const InboxItem& row) { return row.intents.bits(); });
  to.column(rows, [](const InboxItem& row) { return row.entities.size(); });
  to.column(rows,
            [](const InboxItem& row) { return stored_count(row.answered_after.value_or(-1)); });
  to.column(rows, [&](const InboxItem& row) { return number_in(responders, row.responder); });
}

bool read_waits(Instant begin, std::chrono::seconds horizon, std::string_view section,
                std::vector<InboxItem>& rows) {
  PartReader from{section};
  Hashes channels, responders, entities;
  std::size_t count = 0;
  if (!from.read_lists(count, {&channels, &responders, &entities})) return false;
  rows.resize(count, {.observed_for = horizon.count()});
  from.read_times(rows, begin);
  from.column(rows, [&](InboxItem& row, std::uint64_t number) {
    row.channel = from.look_up(channels, number);
  });
  from.column(rows, [](InboxItem& row, std::uint64_t owner) { row.owner = unpacked(owner); });
  from.column(rows, [](InboxItem& row, std::uint64_t feeling) {
    row.priority = static_cast<std::uint8_t>(feeling >> 2U);
    row.sentiment = read_sentiment(feeling);
  });
  from.column(rows, [](InboxItem& row, std::uint64_t intents) {
    row.intents = Intents{static_cast<std::uint8_t>(intents)};
  });
  from.read_entities(rows, entities);
  from.column(rows, [](InboxItem& row, std::uint64_t after) {
    if (after > 0) row.answered_after = read_count(after);
  });
  from.column(rows, [&](InboxItem& row, std::uint64_t number) {
    row.responder = from.look_up(responders, number);
  });
  return from.done();
}

void write_answers(const std::vector<AnswerRow>& rows, Section& section) {
  const auto channels = distinct(rows, [](const AnswerRow& row) { return row.channel; });
  write_lists(section, rows.size(), {channels});
  RowsWriter to{section};
  to.column(rows, [](const AnswerRow& row) { return packed(row.owner); });
  to.column(rows, [&](const AnswerRow& row) { return number_in(channels, row.channel); });
  to.column(rows,
            [](const AnswerRow& row) { return stored_count(row.answered ? row.seconds : -1); });
  to.column(rows, [](const AnswerRow& row) { return row.items; });
}

bool read_answers(std::chrono::seconds horizon, std::string_view section,
                  std::vector<AnswerRow>& rows) {
  PartReader from{section};
  Hashes channels;
  std::size_t count = 0;
  if (!from.read_lists(count, {&channels})) return false;
  rows.resize(count, {.settled = true});
  from.column(rows, [](AnswerRow& row, std::uint64_t owner) { row.owner = unpacked(owner); });
  from.column(rows, [&](AnswerRow& row, std::uint64_t number) {
    row.channel = from.look_up(channels, number);
  });
  from.column(rows, [&](AnswerRow& row, std::uint64_t after) {
    row.answered = after > 0;
    row.seconds = row.answered ? read_count(after) : horizon.count();
  });
  from.column(rows, [](AnswerRow& row, std::uint64_t items) { row.items = items; });
  return from.done();
}

void write_questions(Instant begin, const std::vector<Dialogue::Question>& rows, Section& section) {
  using Question = Dialogue::Question;
  const auto channels = distinct(rows, [](const Question& row) { return row.channel; });
  write_lists(section, rows.size(), {channels});
  RowsWriter to{section};
  write_times(rows, begin, to);
  to.column(rows, [&](const Question& row) { return number_in(channels, row.channel); });
  to.column(rows, [](const Question& row) { return packed(row.owner); });
  to.column(rows,
            [](const Question& row) { return stored_count(row.answered_after.value_or(-1)); });
}

bool read_questions(Instant begin, std::string_view section,
                    std::vector<Dialogue::Question>& rows) {
  using Question = Dialogue::Question;
  PartReader from{section};
  Hashes channels;
  std::size_t count = 0;
  if (!from.read_lists(count, {&channels})) return false;
  rows.resize(count);
  from.read_times(rows, begin);
  from.column(rows, [&](Question& row, std::uint64_t number) {
    row.channel = from.look_up(channels, number);
  });
  from.column(rows, [](Question& row, std::uint64_t owner) { row.owner = unpacked(owner); });
  from.column(rows, [](Question& row, std::uint64_t after) {
    if (after > 0) row.answered_after = read_count(after);
  });
  return from.done();
}

void write_activity(Instant begin, const std::vector<OwnItem>& rows, Section& section) {
  const auto channels = distinct(rows, [](const OwnItem& row) { return row.channel; });
  const auto authors = distinct(rows, [](const OwnItem& row) { return row.author; });
  const auto groups = distinct(rows, [](const OwnItem& row) { return row.group; });
  write_lists(section, rows.size(), {channels, authors, groups, entities_of(rows)});
  RowsWriter to{section};
  write_times(rows, begin, to);
  to.column(rows, [&](const OwnItem& row) { return number_in(channels, row.channel); });
  to.column(rows, [&](const OwnItem& row) { return number_in(authors, row.author); });
  to.column(rows, [](const OwnItem& row) { return packed(row.owner); });
  to.column(rows, [](const OwnItem& row) {
    return stored_sentiment(row.sentiment) | static_cast<std::uint64_t>(row.root) << 2U |
           static_cast<std::uint64_t>(row.repost) << 3U;
  });
  to.column(rows, [](const OwnItem& row) { return row.marks.bits(); });
  to.column(rows, [&](const OwnItem& row) { return number_in(groups, row.group); });
  to.column(rows, [](const OwnItem& row) { return row.entities.size(); });
  to.column(rows, [](const OwnItem& row) { return stored_count(row.likes); });
  to.column(rows, [](const OwnItem& row) { return stored_count(row.shares); });
  to.column(rows, [](const OwnItem& row) { return stored_count(row.followers); });
  to.column(rows, [](const OwnItem& row) { return row.public_replies; });
}

bool read_activity(Instant begin, std::string_view section, std::vector<OwnItem>& rows) {
  PartReader from{section};
  Hashes channels, authors, groups, entities;
  std::size_t count = 0;
  if (!from.read_lists(count, {&channels, &authors, &groups, &entities})) return false;
  rows.resize(count);
  from.read_times(rows, begin);
  const auto hashes = [&](const Hashes& known, std::uint64_t OwnItem::*member) {
    from.column(rows, [&](OwnItem& row, std::uint64_t number) {
      row.*member = from.look_up(known, number);
    });
  };
  const auto counts = [&](std::int64_t OwnItem::*member) {
    from.column(rows,
                [&](OwnItem& row, std::uint64_t stored) { row.*member = read_count(stored); });
  };
  hashes(channels, &OwnItem::channel);
  hashes(authors, &OwnItem::author);
  from.column(rows, [](OwnItem& row, std::uint64_t owner) { row.owner = unpacked(owner); });
  from.column(rows, [](OwnItem& row, std::uint64_t bits) {
    row.sentiment = read_sentiment(bits);
    row.root = (bits >> 2U & 1U) != 0;
    row.repost = (bits >> 3U & 1U) != 0;
  });
  from.column(rows, [](OwnItem& row, std::uint64_t marks) {
    row.marks = Marks{static_cast<std::uint8_t>(marks)};
  });
  hashes(groups, &OwnItem::group);
  from.read_entities(rows, entities);
  counts(&OwnItem::likes);
  counts(&OwnItem::shares);
  counts(&OwnItem::followers);
  from.column(rows, [](OwnItem& row, std::uint64_t replies) { row.public_replies = replies; });
  return from.done();
}

}  // namespace

void encode_dialogue(Instant begin, const Dialogue& dialogue, std::string& out) {
  Section section;
  std::string compressed;
  out.clear();
  ByteWriter to{out};
  const auto finish = [&] {
    compressed.clear();
    compress(section, compressed);
    to.text(compressed);
    section.clear();
  };
  write_waits(begin, dialogue.waits, section);
  finish();
  write_answers(dialogue.answers, section);
  finish();
  write_activity(begin, dialogue.activity, section);
  finish();
  write_questions(begin, dialogue.questions, section);
  finish();
  // What parties reply is most of what they say, and few ask for it.
  write_activity(begin, own_posts_of(dialogue.activity), section);
  finish();
}

std::optional<Dialogue> decode_dialogue(Instant begin, std::chrono::seconds horizon, Tables tables,
                                        bool early, std::string_view bytes) {
  ByteReader from{bytes};
  const auto waits = from.text(), answers = from.text(), activity = from.text(),
             questions = from.text(), own_posts = from.text();
  if (!from.done()) return {};
  Dialogue dialogue;
  std::string section;
  if (tables.has(Table::waits) &&
      !(decompress(waits, section) && read_waits(begin, horizon, section, dialogue.waits)))
    return {};
  if (tables.has(Table::answers) && !early &&
      !(decompress(answers, section) && read_answers(horizon, section, dialogue.answers)))
    return {};
  if (tables.has(Table::answers) && early &&
      !(decompress(questions, section) && read_questions(begin, section, dialogue.questions)))
    return {};
  const auto own = tables.has(Table::activity) ? activity : own_posts;
  if (tables.has_any({Table::activity, Table::own_posts}) &&
      !(decompress(own, section) && read_activity(begin, section, dialogue.activity)))
    return {};
  return dialogue;
}

}  // namespace earshot::rocks
