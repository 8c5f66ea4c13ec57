#include "ingest/api.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "ingest/date_text.hpp"
#include "ingest/refusal.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr std::size_t most_bad_items = 100;

std::string_view header_of(const HttpHeaders& headers, std::string_view name) {
  const auto found = std::ranges::find(
      headers, name, [](const auto& header) { return std::string_view{header.first}; });
  return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

/// The whole number at the front of a text: a rest may be written as "599.0".
std::optional<std::int64_t> leading_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0) return {};
  return number;
}

/// Nobody is left alone for years because of a number.
std::chrono::seconds bounded(std::int64_t seconds) {
  constexpr std::int64_t year = 31'622'400;
  return std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, year)};
}

std::optional<std::chrono::seconds> until_reset(std::string_view reset, Instant now) {
  constexpr std::int64_t earliest_time = 1'000'000'000;  // less is a number of seconds from now
  if (const auto time = parse_rfc3339(reset); time && reset.find('-') != std::string_view::npos)
    return bounded((*time - now).count());
  const auto number = leading_number(reset);
  if (!number) return {};
  return bounded(*number < earliest_time ? *number : *number - to_unix(now));
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::uint8_t byte = 0;
    const char* const digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

/// True if the parameters of a link (`; rel="next"`) name the relation.
bool has_relation(std::string_view parameters, std::string_view relation) {
  const std::string lowered = lower_case(parameters);
  auto at = lowered.find("rel=");
  if (at == std::string::npos) return false;
  std::string_view value = std::string_view{lowered}.substr(at + 4);
  if (value.starts_with('"')) {
    value = value.substr(1, value.find('"', 1) - 1);
  } else {
    value = value.substr(0, value.find_first_of(" ;,"));
  }
  while (!value.empty()) {
    const auto space = std::min(value.find(' '), value.size());
    if (value.substr(0, space) == relation) return true;
    value.remove_prefix(std::min(space + 1, value.size()));
  }
  return false;
}

}  // namespace

std::string_view ApiAnswer::header(std::string_view name) const {
  return header_of(headers, name);
}

HttpRequest api_request(const SourceConfig& config, std::string url,
                        std::string_view authorization) {
  HttpRequest request{.url = std::move(url), .headers = config.headers};
  const auto says = [&](std::string_view name) {
    return std::ranges::any_of(
        request.headers, [&](const auto& header) { return lower_case(header.first) == name; });
  };
  if (!says("accept")) request.headers.emplace_back("Accept", "application/json");
  if (!authorization.empty() && origin_of(request.url) == origin_of(config.url))
    request.headers.emplace_back("Authorization", authorization);
  return request;
}

Result<ApiAnswer> get_json(HttpClient& http, const HttpRequest& request, Instant now) {
  auto response = http.get(request);
  if (!response) return response.error();
  return read_json(std::move(*response), request, now);
}

Result<ApiAnswer> read_json(HttpResponse response, const HttpRequest& request, Instant now) {
  ApiAnswer answer;
  answer.headers = std::move(response.headers);
  Page& page = answer.page;
  const auto budget = budget_wait(answer.headers, now);
  if (response.status != 200 && response.status != 304) {
    page = refused_page(response.status, answer.headers, request.url, now);
    if (auto said = JsonDocument::parse(response.body)) answer.refusal = std::move(*said);
    return answer;
  }
  page.wait = budget;
  page.etag = answer.header("etag");
  page.last_modified = answer.header("last-modified");
  page.unchanged = response.status == 304;
  if (page.unchanged) return answer;
  page.bytes_read = page.bytes_total = response.body.size();
  auto json = JsonDocument::parse(response.body);
  if (!json)
    return Error{json.error().kind,
                 fmt::format("{}: {}", shown_url(request.url), json.error().message)};
  answer.json = std::move(*json);
  return answer;
}

std::optional<std::chrono::seconds> retry_after(const HttpHeaders& headers, Instant now) {
  const auto header = header_of(headers, "retry-after");
  if (const auto seconds = leading_number(header)) return bounded(*seconds);
  const auto date = parse_rfc822(header);
  if (!date) return {};
  return bounded((*date - now).count());
}

std::optional<std::chrono::seconds> budget_wait(const HttpHeaders& headers, Instant now) {
  for (const auto* prefix : {"x-ratelimit-", "ratelimit-"}) {
    const auto left = leading_number(header_of(headers, std::string{prefix} + "remaining"));
    if (left && *left == 0)
      return until_reset(header_of(headers, std::string{prefix} + "reset"), now);
  }
  return {};
}

std::string_view link_target(std::string_view header, std::string_view relation) {
  while (true) {
    const auto open = header.find('<');
    const auto close = open == std::string_view::npos ? open : header.find('>', open);
    if (close == std::string_view::npos) return {};
    const auto target = header.substr(open + 1, close - open - 1);
    header.remove_prefix(close + 1);
    if (has_relation(header.substr(0, header.find('<')), relation)) return target;
  }
}

std::string query_value(std::string_view url, std::string_view name) {
  const auto mark = url.find('?');
  if (mark == std::string_view::npos) return {};
  auto query = url.substr(mark + 1);
  query = query.substr(0, query.find('#'));
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto parameter = query.substr(0, end);
    const auto equals = std::min(parameter.find('='), parameter.size());
    if (parameter.substr(0, equals) == name)
      return decoded(parameter.substr(std::min(equals + 1, parameter.size())));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return {};
}

std::string with_query(
    std::string_view url,
    std::initializer_list<std::pair<std::string_view, std::string_view>> parameters) {
  std::string out{url};
  char before = '?';
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    out.append(1, before).append(name).append("=").append(url_encoded(value));
    before = '&';
  }
  return out;
}

std::string url_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_plain(c))
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string_view without_slash(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return url;
}

std::string_view cursor_value(std::string_view cursor, std::string_view name) {
  while (!cursor.empty()) {
    const auto end = std::min(cursor.find('\n'), cursor.size());
    const auto line = cursor.substr(0, end);
    const auto equals = line.find('=');
    if (equals != std::string_view::npos && line.substr(0, equals) == name)
      return line.substr(equals + 1);
    cursor.remove_prefix(std::min(end + 1, cursor.size()));
  }
  return {};
}

Count cursor_number(std::string_view cursor, std::string_view name) {
  const auto text = cursor_value(cursor, name);
  std::uint64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && rest == text.data() + text.size() ? Count{number} : Count{};
}

void add_to_cursor(std::string& cursor, std::string_view name, std::string_view value) {
  constexpr std::size_t longest = 1000;
  if (value.empty() || value.size() > longest || value.find('\n') != std::string_view::npos) return;
  cursor.append(name).append("=").append(value).append("\n");
}

void append_line(std::string& text, std::string_view line) {
  if (line.empty()) return;
  if (!text.empty()) text += '\n';
  text += line;
}

Count sum_of(Count a, Count b) {
  return a && b ? Count{*a + *b} : a ? a : b;
}

void add_post(PostBatch& batch, Post post) {
  for_each_text(post, [&](std::string_view& text) { text = batch.texts.keep(text); });
  batch.posts.push_back(post);
}

void note_missing(Page& page, std::string_view network, std::span<const std::string_view> asked) {
  for (const std::string_view id : asked)
    if (std::ranges::find(page.posts.posts, id, &Post::native_id) == page.posts.posts.end() &&
        std::ranges::find(page.removed, id, &PostId::native_id) == page.removed.end())
      page.missing.push_back({page.posts.texts.keep(network), page.posts.texts.keep(id)});
}

void refuse_item(Page& page, std::string reason) {
  ++page.bad_rows;
  if (page.bad.size() < most_bad_items) page.bad.push_back({0, std::move(reason)});
}

}  // namespace earshot
