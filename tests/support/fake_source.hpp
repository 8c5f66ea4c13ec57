#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ingest/source.hpp"

namespace earshot {

/// A source whose answers are a function of the test. Notes the state that each fetch was given.
class FakeSource final : public Source {
 public:
  struct Asked {
    std::string cursor, etag, last_modified, body_hash;
  };
  using Answer = std::function<Result<Page>(const FetchState& state)>;

  explicit FakeSource(Answer answer, std::vector<Asked>* asked = nullptr)
      : answer_{std::move(answer)}, asked_{asked} {}

  Result<Page> fetch(HttpClient&, const FetchState& state, Instant) override {
    if (asked_ != nullptr)
      asked_->push_back({std::string{state.cursor}, std::string{state.etag},
                         std::string{state.last_modified}, std::string{state.body_hash}});
    return answer_(state);
  }

 private:
  Answer answer_;
  std::vector<Asked>* asked_;
};

/// A page of `count` posts, numbered from `first`, of the network "test".
inline Page page_of(int first, int count, const std::string& source = "fake") {
  Page page;
  for (int i = first; i < first + count; ++i) {
    const std::string id = std::to_string(i);
    Post post;
    post.network = "test";
    post.native_id = page.posts.texts.keep(id);
    post.text = page.posts.texts.keep("post number " + id);
    post.source = page.posts.texts.keep(source);
    post.posted_at = from_unix(1'700'000'000 + i);
    page.posts.posts.push_back(post);
  }
  page.rows = static_cast<std::uint64_t>(count);
  return page;
}

}  // namespace earshot
