#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "ingest/feed_document.hpp"
#include "ingest/source.hpp"

namespace earshot {

/// What will go wrong with a source that brought these pages, each a clause for people, or nothing:
/// posts without a date, or with one to come; none for a year; items that could not be read.
std::vector<std::string> review_pages(std::span<const Page> pages, Instant now);

/// The same of a feed document: none or shared ids, ids that change with a session, texts that are
/// cut off, and a list that is shorter than what comes between two polls `interval` apart.
std::vector<std::string> review_feed(const FeedDocument& feed, std::chrono::seconds interval,
                                     Instant now);

}  // namespace earshot
