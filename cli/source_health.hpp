#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/silence.hpp"
#include "ingest/source.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// A source as it stands: in the config, in the store, or in both.
struct SourceHealth {
  SourceState state;
  std::string_view status;  ///< "ok", "silent", "late", "failing", "gone", "new" or "removed".
  bool configured = false;
  std::uint64_t polls = 0;      ///< Good ones in the last seven days,
  std::uint64_t overflows = 0;  ///< of which so many may have missed posts.
  std::optional<Silence> silence;
  std::optional<std::chrono::seconds> usual_gap;  ///< As the function of that name.

  bool is_failing() const;
};

/// The sources of the config in its order, then those that only the store knows, by name.
/// `polls` are those of `silence_memory`, as the store sorts them.
std::vector<SourceHealth> health_of(const std::vector<SourceConfig>& sources,
                                    std::vector<SourceState> states, std::span<const Poll> polls,
                                    Instant now);

/// The polls of one source, of a ledger as the store sorts it.
std::span<const Poll> polls_of(std::span<const Poll> ledger, std::string_view source);

/// "nothing new since 2026-08-01T10:00:00Z; it used to have something within 6 h".
std::string silence_text(const Silence& silence);

/// A table, or a JSON list; what `earshot sources` prints.
std::string health_text(const std::vector<SourceHealth>& all);
std::string health_json(const std::vector<SourceHealth>& all);

}  // namespace earshot
