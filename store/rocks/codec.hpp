#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/facts.hpp"
#include "store/labels.hpp"
#include "store/post.hpp"
#include "store/post_store.hpp"

namespace earshot::rocks {

// The records of the store, one encoder and one decoder each. Encoders replace `out`. Decoders
// return false for bytes that are no such record; views in what they decode point into the bytes.
// store/README.md draws the bytes.

/// Versions, hashes and counts of a post: all of it that a report reads, but labels.
struct PostHead {
  std::uint64_t content = 0;
  Instant edited_at{}, missing_at{};
  Engagement engagement;
  std::uint64_t channel = 0, author = 0, parent = 0, root = 0;
  bool dated = true, filtered = false, repost = false;

  bool hidden() const { return missing_at > engagement.observed_at; }  ///< As of the post.
};

PostHead head_of(const Post& post, std::uint64_t content);
Fact fact_of(const PostKey& key, const PostHead& head);

void encode_head(const PostHead& head, std::string& out);
bool decode_head(std::string_view bytes, PostHead& head);

/// The texts of a post; the rest of it is in its key and head.
void encode_texts(const Post& post, std::string& out);
bool decode_texts(std::string_view bytes, Post& post);

/// The whole post from its three parts.
Post join_post(const Post& texts, const PostKey& key, const PostHead& head);

void encode_labels(const Labels& labels, std::string& out);
bool decode_labels(std::string_view bytes, Labels& labels);

/// What stands at a key in place of what a block holds there, or where no block holds anything.
struct Row {
  enum class Kind : std::uint8_t {
    post,
    gone,   ///< Nothing: the post has another key now.
    erased  ///< An anonymous fact; in place of the content's hash a second one of its id.
  };
  Kind kind = Kind::post;
  PostHead head;
  Post texts;  ///< Of the whole post; `join_post` adds the rest.
  std::optional<Labels> labels;
};
void encode_row(const Row& row, std::string& out);
bool decode_row(std::string_view bytes, Row& row);

void encode_generation(const Generation& generation, std::string& out);
bool decode_generation(std::string_view bytes, Generation& generation);

void encode_source(const SourceState& source, std::string& out);
bool decode_source(std::string_view bytes, SourceState& source);
void encode_host(const HostState& host, std::string& out);
bool decode_host(std::string_view bytes, HostState& host);

void encode_poll(const Poll& poll, std::string& out);
bool decode_poll(std::string_view bytes, Poll& poll);

/// What the store knows of itself, written with every batch.
struct Ledger {
  std::uint64_t batch = 0;       ///< Number of the last batch; every column family holds it too.
  std::uint64_t posts = 0;       ///< As in `StoreCounters`.
  std::uint64_t unlabelled = 0;  ///< As there.
  std::uint64_t erased = 0;      ///< As there.
  std::uint64_t rows = 0;     ///< Posts beside blocks, and marks of posts that are gone from one.
  std::uint64_t fold_at = 0;  ///< With so many rows it is time to fold them into blocks.
  PostKey last{Instant::min(), 0};  ///< The last key in any block.
  /// Posts with labels of each; sorted.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> generations;
};
void encode_ledger(const Ledger& ledger, std::string& out);
bool decode_ledger(std::string_view bytes, Ledger& ledger);

}  // namespace earshot::rocks
