#include "analyze/handles.hpp"

#include <doctest/doctest.h>

using namespace earshot;

namespace {

Project project_with_handles() {
  Project project;
  project.brand.handles = {{"Acme", "", "", ""}, {"@AcmeHelp", "Twitter", "", ""}};
  project.brand.affiliates = {"@jane", "ÉMILE"};
  project.competitors.resize(2);
  project.competitors[0].handles = {{"globex", "", "", ""}};
  project.competitors[1].handles = {{"globex", "", "", ""}};
  project.competitors[1].affiliates = {"globex", ""};
  return project;
}

Authorship authorship_of(std::string_view id, std::string_view name,
                         std::string_view network = "") {
  Post post;
  post.author_id = id;
  post.author_name = name;
  post.network = network;
  HandleTable::Scratch scratch;
  return HandleTable{project_with_handles()}.authorship(post, scratch);
}

}  // namespace

TEST_CASE("handles: a handle is the author's id or name, without case and sigil") {
  CHECK(authorship_of("ACME", "").owner == 0);
  CHECK(authorship_of("17", "@acme").owner == 0);
  CHECK(authorship_of("acme2", "acm").owner == no_entity);
  CHECK(authorship_of("", "").owner == no_entity);
  CHECK(authorship_of("", "").affiliate == no_entity);
}

TEST_CASE("handles: a handle with a network is one only there") {
  CHECK(authorship_of("acmehelp", "", "twitter").owner == 0);
  CHECK(authorship_of("acmehelp", "", "reddit").owner == no_entity);
}

TEST_CASE("handles: affiliates are no owners") {
  CHECK(authorship_of("Jane", "").owner == no_entity);
  CHECK(authorship_of("Jane", "").affiliate == 0);
  CHECK(authorship_of("", "émile").affiliate == 0);
}

TEST_CASE("handles: of several parties the first has the author") {
  CHECK(authorship_of("globex", "").owner == 1);
  CHECK(authorship_of("globex", "").affiliate == 2);
}
