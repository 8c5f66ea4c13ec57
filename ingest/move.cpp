#include "ingest/move.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "store/base/http.hpp"

namespace earshot {

namespace {

constexpr std::uint32_t polls_in_a_row = 3;

struct Address {
  std::string_view path;   ///< All before the query.
  std::string_view query;  ///< With its "?", without fragment.
};

Address split(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const auto mark = std::min(url.find('?'), url.size());
  return {url.substr(0, mark), url.substr(mark)};
}

/// The target as it may be stored, empty if it is not to be taken over.
std::string_view adoptable(std::string_view configured, std::string_view target) {
  const Address from = split(configured);
  const Address to = split(target);
  const auto authority = from.path.substr(0, from.path.find('/', from.path.find("://") + 3));
  if (from.query != to.query || authority.find('@') != authority.npos) return {};
  if (configured.starts_with("https:") && !target.starts_with("https:")) return {};
  return to.path == from.path ? std::string_view{} : to.path;
}

}  // namespace

std::string address_of(const CollectJob& job) {
  const SourceState& state = job.outcome.state;
  if (state.moved < polls_in_a_row || job.full_answer) return {};
  return state.moved_to + std::string{split(job.config->url).query};
}

void note_move(CollectJob& job, std::string_view moved_to) {
  SourceState& state = job.state();
  if (!job.address.empty() && moved_to.empty()) return;  // it is there
  const std::string_view target = adoptable(job.config->url, moved_to);
  if (target.empty() || target != state.moved_to) state.moved = 0;
  state.moved_to = target;
  if (target.empty() || state.moved == polls_in_a_row) return;
  if (++state.moved == polls_in_a_row)
    job.outcome.note =
        fmt::format("has moved for good: asked at {} from now on; put that into the config",
                    shown_url(state.moved_to));
}

bool forget_move(CollectJob& job) {
  job.state().moved_to.clear();
  job.state().moved = 0;
  return !job.address.empty();
}

}  // namespace earshot
