#pragma once

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ingest/json.hpp"
#include "ingest/source.hpp"
#include "store/base/http.hpp"
#include "store/base/result.hpp"

namespace earshot {

// What sources that ask an API for JSON have in common.

/// An answer of an API. Without `json` it is no more than `page`, which is to be handed on as it
/// is: a refusal, or nothing new.
struct ApiAnswer {
  Page page;  ///< To begin with: refusal, `wait`, validators, size. No posts.
  std::optional<JsonDocument> json;
  HttpHeaders headers;                  ///< Names in lower case.
  std::optional<JsonDocument> refusal;  ///< What a refusal says, if it says it in JSON.

  /// The first header of that (lower-case) name, or nothing.
  std::string_view header(std::string_view name) const;
};

/// A request with the config's headers. `authorization` ("Bearer ...", or empty) goes along if
/// `url` is on the host that the config names, and else to nobody.
HttpRequest api_request(const SourceConfig& config, std::string url,
                        std::string_view authorization);

/// Asks for a JSON document. Where the server says that its budget of requests is used up,
/// `page.wait` is the time until there is a new one. A 403 for that reason is called 429. Errors:
/// `network`; `format`, with the address.
Result<ApiAnswer> get_json(HttpClient& http, const HttpRequest& request, Instant now);

/// The same of an answer that has come, for services that also answer in other ways.
Result<ApiAnswer> read_json(HttpResponse response, const HttpRequest& request, Instant now);

/// The wish of a refusal: Retry-After, as seconds or a date. Source: RFC 9110 section 10.2.3.
std::optional<std::chrono::seconds> retry_after(const HttpHeaders& headers, Instant now);

/// How long until new requests are allowed, if none is left of the budget: X-RateLimit-Remaining
/// and -Reset, or RateLimit-*. Reset is a time (RFC 3339, or seconds since 1970) or a number of
/// seconds from now.
std::optional<std::chrono::seconds> budget_wait(const HttpHeaders& headers, Instant now);

/// The address of a relation ("next") in a Link header; empty if there is none. Source: RFC 8288.
std::string_view link_target(std::string_view header, std::string_view relation);

/// The value of a parameter in the query of an address, decoded; empty if it is not there.
std::string query_value(std::string_view url, std::string_view name);

/// `url?name=value&...`: the values are encoded, and those that are empty left out.
std::string with_query(
    std::string_view url,
    std::initializer_list<std::pair<std::string_view, std::string_view>> parameters);

/// `text` as one segment of a path or one value of a query.
std::string url_encoded(std::string_view text);

/// An address without "/" at its end.
std::string_view without_slash(std::string_view url);

/// The value of a line "name=value" in a cursor; empty if it has no such line.
std::string_view cursor_value(std::string_view cursor, std::string_view name);

/// The same as a number.
Count cursor_number(std::string_view cursor, std::string_view name);

/// Adds a line to a cursor. A value that is empty, longer than a line or than 1,000 bytes is left
/// out.
void add_to_cursor(std::string& cursor, std::string_view name, std::string_view value);

/// Adds a line to a text, if there is anything in it.
void append_line(std::string& text, std::string_view line);

/// Both together, or the one that is told.
Count sum_of(Count a, Count b);

/// Copies the texts of a post into the batch, and adds it.
void add_post(PostBatch& batch, Post post);

/// Those of the posts `asked` for that the page does not have are missing.
void note_missing(Page& page, std::string_view network, std::span<const std::string_view> asked);

/// Counts an item that could not be read.
void refuse_item(Page& page, std::string reason);

}  // namespace earshot
