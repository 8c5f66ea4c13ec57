#include "ingest/mapping.hpp"

#include <doctest/doctest.h>

using namespace earshot;

namespace {

std::string error_of(const Mapping& mapping) {
  const auto checked = check_mapping(mapping);
  return checked ? "" : checked.error().message;
}

}  // namespace

TEST_CASE("the default mapping is a mapping") {
  CHECK(error_of(default_mapping()).empty());
}

TEST_CASE("a mapping must say where id, text and date come from") {
  auto mapping = default_mapping();
  mapping.column(PostField::posted_at).clear();
  CHECK(error_of(mapping) ==
        "no column is mapped to posted_at; add posted_at = \"...\" under [columns]");
  CHECK(check_mapping(mapping).error().kind == Error::Kind::config);
}

TEST_CASE("a date format that is none is refused, with what there is") {
  auto mapping = default_mapping();
  mapping.date_format = "%Y-%m-%q";
  CHECK(error_of(mapping) ==
        "date_format '%Y-%m-%q' is not one; use rfc3339, rfc822, unix, unix_ms, or a pattern of %Y "
        "%y %m %d %H %I %M %S %p %z %a %b "
        "with at least year, month and day");
}

TEST_CASE("as_of must be a date, and the network and the delimiter usable") {
  auto mapping = default_mapping();
  mapping.as_of = "last week";
  CHECK(error_of(mapping) == "as_of 'last week' is not a date; write it as 2026-08-01T09:30:00Z");
  mapping.as_of.clear();
  mapping.network.clear();
  CHECK(error_of(mapping) == "network is empty; name the id space of the posts");
  mapping.network = "twitter";
  mapping.delimiter = '"';
  CHECK(error_of(mapping) == "the delimiter can't be a quote or a line end");
}
