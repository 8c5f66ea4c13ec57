#include "store/rocks/codec.hpp"

#include "store/base/hash.hpp"
#include "store/rocks/bytes.hpp"

namespace earshot::rocks {

namespace {

// The largest counts of anything in one record, so that damaged bytes can't ask for memory.
constexpr std::uint64_t most_rows = 1 << 20;

unsigned flags(std::initializer_list<bool> bits) {
  unsigned all = 0;
  unsigned shift = 0;
  for (const bool bit : bits) all |= static_cast<unsigned>(bit) << shift++;
  return all;
}

bool flag(unsigned all, unsigned shift) {
  return ((all >> shift) & 1U) != 0;
}

/// A count in one varint: 0 for unknown, else one more than it is.
void put_count(ByteWriter& to, const Count& count) {
  to.varint(count ? *count + 1 : 0);
}
Count take_count(ByteReader& from) {
  const auto value = from.varint();
  return value == 0 ? Count{} : Count{value - 1};
}

void put_time(ByteWriter& to, Instant at) {
  to.fixed(to_unix(at));
}
Instant take_time(ByteReader& from) {
  return from_unix(from.fixed<std::int64_t>());
}

std::int64_t column(const Count& count) {
  return count ? static_cast<std::int64_t>(*count) : unknown_count;
}

}  // namespace

PostHead head_of(const Post& post, std::uint64_t content) {
  const auto id = [&](std::string_view native) {
    return native.empty() ? 0 : post_id_hash(post.network, native);
  };
  return {.content = content,
          .edited_at = post.edited_at,
          .missing_at = post.missing_at,
          .engagement = post.engagement,
          .channel = hash_bytes(post.channel),
          .author = author_hash(post),
          .parent = id(post.parent_id),
          .root = id(post.root_id),
          .dated = post.dated,
          .filtered = post.filtered,
          .repost = post.repost};
}

Fact fact_of(const PostKey& key, const PostHead& head) {
  return {.key = key,
          .channel = head.channel,
          .author = head.author,
          .parent = head.parent,
          .root = head.root,
          .likes = column(head.engagement.likes),
          .shares = column(head.engagement.shares),
          .replies = column(head.engagement.replies),
          .followers = column(head.engagement.followers),
          .filtered = head.filtered,
          .repost = head.repost};
}

void encode_head(const PostHead& head, std::string& out) {
  out.clear();
  ByteWriter to{out};
  const bool edited = head.edited_at != Instant{};
  const bool observed = head.engagement.observed_at != Instant{};
  const bool missed = head.missing_at != Instant{};
  to.fixed(static_cast<std::uint8_t>(flags({head.dated, head.filtered, head.repost, edited,
                                            observed, head.parent != 0, head.root != 0, missed})));
  to.fixed(head.content);
  to.fixed(head.channel);
  to.fixed(head.author);
  if (head.parent != 0) to.fixed(head.parent);
  if (head.root != 0) to.fixed(head.root);
  if (edited) put_time(to, head.edited_at);
  if (observed) put_time(to, head.engagement.observed_at);
  if (missed) put_time(to, head.missing_at);
  for (const auto& count : {head.engagement.likes, head.engagement.shares, head.engagement.replies,
                            head.engagement.followers})
    put_count(to, count);
}

bool decode_head(std::string_view bytes, PostHead& head) {
  ByteReader from{bytes};
  const unsigned set = from.fixed<std::uint8_t>();
  head = {};
  head.dated = flag(set, 0);
  head.filtered = flag(set, 1);
  head.repost = flag(set, 2);
  head.content = from.fixed<std::uint64_t>();
  head.channel = from.fixed<std::uint64_t>();
  head.author = from.fixed<std::uint64_t>();
  if (flag(set, 5)) head.parent = from.fixed<std::uint64_t>();
  if (flag(set, 6)) head.root = from.fixed<std::uint64_t>();
  if (flag(set, 3)) head.edited_at = take_time(from);
  if (flag(set, 4)) head.engagement.observed_at = take_time(from);
  if (flag(set, 7)) head.missing_at = take_time(from);
  for (auto* count : {&head.engagement.likes, &head.engagement.shares, &head.engagement.replies,
                      &head.engagement.followers})
    *count = take_count(from);
  return from.done();
}

void encode_texts(const Post& post, std::string& out) {
  out.clear();
  ByteWriter to{out};
  for_each_text(post, [&](std::string_view text) { to.text(text); });
}

bool decode_texts(std::string_view bytes, Post& post) {
  ByteReader from{bytes};
  for_each_text(post, [&](std::string_view& text) { text = from.text(); });
  return from.done();
}

Post join_post(const Post& texts, const PostKey& key, const PostHead& head) {
  Post post = texts;
  post.posted_at = key.posted_at;
  post.edited_at = head.edited_at;
  post.missing_at = head.missing_at;
  post.engagement = head.engagement;
  post.dated = head.dated;
  post.filtered = head.filtered;
  post.repost = head.repost;
  return post;
}

void encode_labels(const Labels& labels, std::string& out) {
  out.clear();
  ByteWriter to{out};
  to.fixed(labels.content);
  to.fixed(labels.generation);
  to.fixed(labels.group);
  to.fixed(labels.lang[0]);
  to.fixed(labels.lang[1]);
  to.fixed(static_cast<std::int8_t>(labels.sentiment));
  to.fixed(static_cast<std::int8_t>(labels.stance));
  to.fixed(labels.sentiment_permille);
  to.fixed(labels.intents.bits());
  to.fixed(labels.owner);
  to.fixed(labels.priority);
  to.fixed(static_cast<std::uint8_t>(flags({labels.only_thanks, labels.affiliate, labels.by_hand,
                                            labels.marks != Marks{}, labels.question != 0})));
  if (labels.marks != Marks{}) to.fixed(labels.marks.bits());
  if (labels.question != 0) to.fixed(labels.question);
  to.varint(labels.entities.size());
  for (const auto& row : labels.entities) {
    to.fixed(row.entity);
    to.fixed(static_cast<std::int8_t>(row.sentiment));
    to.fixed(static_cast<std::int8_t>(row.stance));
    to.fixed(static_cast<std::uint8_t>(flags({row.matched, row.addressed})));
  }
  to.varint(labels.links.size());
  for (const auto link : labels.links) to.fixed(link);
}

bool decode_labels(std::string_view bytes, Labels& labels) {
  ByteReader from{bytes};
  labels.content = from.fixed<std::uint64_t>();
  labels.generation = from.fixed<std::uint64_t>();
  labels.group = from.fixed<std::uint64_t>();
  labels.lang[0] = from.fixed<char>();
  labels.lang[1] = from.fixed<char>();
  labels.sentiment = static_cast<Sentiment>(from.fixed<std::int8_t>());
  labels.stance = static_cast<Stance>(from.fixed<std::int8_t>());
  labels.sentiment_permille = from.fixed<std::uint16_t>();
  labels.intents = Intents{from.fixed<std::uint8_t>()};
  labels.owner = from.fixed<EntityIndex>();
  labels.priority = from.fixed<std::uint8_t>();
  const unsigned set = from.fixed<std::uint8_t>();
  labels.only_thanks = flag(set, 0);
  labels.affiliate = flag(set, 1);
  labels.by_hand = flag(set, 2);
  labels.marks = Marks{flag(set, 3) ? from.fixed<std::uint8_t>() : std::uint8_t{0}};
  labels.question = flag(set, 4) ? from.fixed<std::uint64_t>() : 0;
  labels.entities.clear();
  const auto rows = from.varint();
  if (rows > most_rows) return false;
  for (std::uint64_t i = 0; i < rows && from.ok(); ++i) {
    EntityLabel row{.entity = from.fixed<EntityIndex>(),
                    .sentiment = static_cast<Sentiment>(from.fixed<std::int8_t>()),
                    .stance = static_cast<Stance>(from.fixed<std::int8_t>())};
    const unsigned bits = from.fixed<std::uint8_t>();
    row.matched = flag(bits, 0);
    row.addressed = flag(bits, 1);
    labels.entities.push_back(row);
  }
  labels.links.clear();
  const auto links = from.varint();
  if (links > most_rows) return false;
  for (std::uint64_t i = 0; i < links && from.ok(); ++i)
    labels.links.push_back(from.fixed<std::uint64_t>());
  return from.done();
}

void encode_row(const Row& row, std::string& out) {
  std::string part;
  out.assign(1, static_cast<char>(row.kind));
  if (row.kind == Row::Kind::gone) return;
  ByteWriter to{out};
  encode_head(row.head, part);
  to.text(part);
  encode_texts(row.texts, part);
  to.text(part);
  part.clear();
  if (row.labels) encode_labels(*row.labels, part);
  to.text(part);
}

bool decode_row(std::string_view bytes, Row& row) {
  ByteReader from{bytes};
  const auto kind = from.fixed<std::uint8_t>();
  if (!from.ok() || kind > static_cast<std::uint8_t>(Row::Kind::erased)) return false;
  row = {.kind = static_cast<Row::Kind>(kind)};
  if (row.kind == Row::Kind::gone) return from.done();
  const auto head = from.text();
  const auto texts = from.text();
  const auto labels = from.text();
  if (!from.done() || !decode_head(head, row.head) || !decode_texts(texts, row.texts)) return false;
  return labels.empty() || decode_labels(labels, row.labels.emplace());
}

void encode_generation(const Generation& generation, std::string& out) {
  out.clear();
  ByteWriter to{out};
  to.text(generation.model);
  to.fixed(generation.model_hash);
  to.fixed(generation.config_hash);
  to.varint(generation.entities.size());
  for (const auto& entity : generation.entities) {
    to.fixed(static_cast<std::uint8_t>(entity.kind));
    to.text(entity.name);
  }
}

bool decode_generation(std::string_view bytes, Generation& generation) {
  ByteReader from{bytes};
  generation.model = from.text();
  generation.model_hash = from.fixed<std::uint64_t>();
  generation.config_hash = from.fixed<std::uint64_t>();
  generation.entities.clear();
  const auto entities = from.varint();
  if (entities > most_rows) return false;
  for (std::uint64_t i = 0; i < entities && from.ok(); ++i) {
    const auto kind = static_cast<EntityKind>(from.fixed<std::uint8_t>());
    generation.entities.push_back({kind, std::string{from.text()}});
  }
  return from.done();
}

void encode_source(const SourceState& source, std::string& out) {
  out.clear();
  ByteWriter to{out};
  for (const auto* text : {&source.name, &source.type, &source.cursor, &source.etag,
                           &source.last_modified, &source.body_hash, &source.last_error})
    to.text(*text);
  to.fixed(std::int64_t{source.interval.count()});
  for (const auto at : {source.first_poll, source.last_poll, source.last_ok, source.last_new,
                        source.next_try, source.failing_since})
    put_time(to, at);
  to.fixed(source.failures);
  to.fixed(static_cast<std::uint8_t>(source.gone));
  to.varint(source.posts);
  put_time(to, source.missing_since);
  to.fixed(std::int64_t{source.wish.count()});
  to.fixed(source.skip_hours);
  to.fixed(source.skip_days);
  to.text(source.moved_to);
  to.fixed(source.moved);
  put_time(to, source.reread_to);
  to.varint(source.missing.size());
  for (const MissingPost& post : source.missing) {
    to.text(post.network);
    to.text(post.native_id);
    put_time(to, post.posted_at);
    put_time(to, post.since);
  }
}

bool decode_source(std::string_view bytes, SourceState& source) {
  ByteReader from{bytes};
  for (auto* text : {&source.name, &source.type, &source.cursor, &source.etag,
                     &source.last_modified, &source.body_hash, &source.last_error})
    *text = from.text();
  source.interval = std::chrono::seconds{from.fixed<std::int64_t>()};
  for (auto* at : {&source.first_poll, &source.last_poll, &source.last_ok, &source.last_new,
                   &source.next_try, &source.failing_since})
    *at = take_time(from);
  source.failures = from.fixed<std::uint32_t>();
  source.gone = from.fixed<std::uint8_t>() != 0;
  source.posts = from.varint();
  if (from.done()) return true;  // written before the rest was kept
  source.missing_since = take_time(from);
  source.wish = std::chrono::seconds{from.fixed<std::int64_t>()};
  source.skip_hours = from.fixed<std::uint32_t>();
  source.skip_days = from.fixed<std::uint8_t>();
  source.moved_to = from.text();
  source.moved = from.fixed<std::uint32_t>();
  source.reread_to = take_time(from);
  const auto missing = from.varint();
  source.missing.clear();
  for (std::uint64_t i = 0; i < missing && from.ok(); ++i) {
    MissingPost& post = source.missing.emplace_back();
    post.network = from.text();
    post.native_id = from.text();
    post.posted_at = take_time(from);
    post.since = take_time(from);
  }
  return from.done();
}

void encode_host(const HostState& host, std::string& out) {
  out.clear();
  ByteWriter to{out};
  to.text(host.host);
  put_time(to, host.free_at);
}

bool decode_host(std::string_view bytes, HostState& host) {
  ByteReader from{bytes};
  host.host = from.text();
  host.free_at = take_time(from);
  return from.done();
}

void encode_poll(const Poll& poll, std::string& out) {
  out.clear();
  ByteWriter to{out};
  to.text(poll.source);
  put_time(to, poll.at);
  to.fixed(static_cast<std::uint8_t>(flags({poll.ok, poll.overflow})));
  to.varint(poll.posts);
}

bool decode_poll(std::string_view bytes, Poll& poll) {
  ByteReader from{bytes};
  poll.source = from.text();
  poll.at = take_time(from);
  const unsigned set = from.fixed<std::uint8_t>();
  poll.ok = flag(set, 0);
  poll.overflow = flag(set, 1);
  poll.posts = from.varint();
  return from.done();
}

void encode_ledger(const Ledger& ledger, std::string& out) {
  out.clear();
  ByteWriter to{out};
  to.fixed(ledger.batch);
  to.varint(ledger.posts);
  to.varint(ledger.unlabelled);
  to.varint(ledger.erased);
  to.varint(ledger.rows);
  to.varint(ledger.fold_at);
  put_time(to, ledger.last.posted_at);
  to.fixed(ledger.last.id);
  to.varint(ledger.generations.size());
  for (const auto& [generation, posts] : ledger.generations) {
    to.fixed(generation);
    to.varint(posts);
  }
}

bool decode_ledger(std::string_view bytes, Ledger& ledger) {
  ByteReader from{bytes};
  ledger = {};
  ledger.batch = from.fixed<std::uint64_t>();
  ledger.posts = from.varint();
  ledger.unlabelled = from.varint();
  ledger.erased = from.varint();
  ledger.rows = from.varint();
  ledger.fold_at = from.varint();
  ledger.last.posted_at = take_time(from);
  ledger.last.id = from.fixed<std::uint64_t>();
  const auto generations = from.varint();
  if (generations > most_rows) return false;
  for (std::uint64_t i = 0; i < generations && from.ok(); ++i) {
    const auto generation = from.fixed<std::uint64_t>();
    ledger.generations.emplace_back(generation, from.varint());
  }
  return from.done();
}

}  // namespace earshot::rocks
