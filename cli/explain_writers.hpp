#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyze/explain.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// An entity that a post is about, and why.
struct EntityReason {
  Entity entity;
  EntityLabel label;
  MatchReason match;
};

/// All that `earshot explain` shows of a post.
struct PostReasons {
  std::optional<Post> post;  ///< Nothing for a text that is no stored post.
  std::string text;
  Labels labels;          ///< As stored, else what the present model and config say.
  Generation generation;  ///< Of the labels.
  bool stored = false;    ///< The labels are.
  bool present = false;   ///< They are of the present model and config.
  SentimentReasons sentiment;
  AdvocacyReasons advocacy;
  std::vector<EntityReason> entities;
};

/// Lines for people.
std::string explanation_text(const PostReasons& reasons);

/// One JSON object, for scripts.
std::string explanation_json(const PostReasons& reasons);

}  // namespace earshot
