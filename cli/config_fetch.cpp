#include <algorithm>

#include <fmt/format.h>

#include "cli/config_parts.hpp"

namespace earshot {

namespace {

constexpr std::uint64_t most_connections = 256;

/// "HOST:PORT:ADDRESS", where the address may have colons of its own.
bool is_resolve_line(std::string_view line) {
  const auto host = line.find(':');
  const auto port = host == line.npos ? host : line.find(':', host + 1);
  if (host == 0 || port == line.npos || port == host + 1) return false;
  const auto digits = line.substr(host + 1, port - host - 1);
  if (!std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return false;
  auto address = line.substr(port + 1);
  if (address.starts_with('[') && address.ends_with(']'))
    address = address.substr(1, address.size() - 2);
  return address.find('/') == address.npos && parse_address_range(address);
}

void read_contact(const TableReader& reader, std::string& contact) {
  reader.read("contact", contact);
  const auto plain = [](char c) { return c >= ' ' && c <= '~' && c != '(' && c != ')'; };
  if (!std::ranges::all_of(contact, plain))
    reader.complain("contact",
                    "'contact' goes into a header: plain characters on one line, without brackets");
}

}  // namespace

void read_fetch(const TableReader& file, Config& config, Complaints& complaints) {
  const auto* table = file.table_at("fetch");
  if (table == nullptr) return;
  const TableReader reader{
      *table,
      "[fetch]",
      {"contact", "connections", "timeout", "proxy", "ca_file", "allow_private", "resolve"},
      complaints};
  FetchConfig& fetch = config.fetch;
  read_contact(reader, fetch.contact);
  std::uint64_t connections = fetch.connections;
  reader.read("connections", connections);
  if (connections < 1 || connections > most_connections)
    reader.complain("connections",
                    fmt::format("'connections' must be from 1 to {}", most_connections));
  fetch.connections = static_cast<unsigned>(connections);
  reader.read("timeout", fetch.timeout);
  if (fetch.timeout < std::chrono::seconds{1} || fetch.timeout > std::chrono::minutes{5})
    reader.complain("timeout", "'timeout' must be from 1s to 5m");
  reader.read("proxy", fetch.proxy);
  check_proxy(reader, fetch.proxy);
  reader.read("ca_file", fetch.ca_file);
  if (!fetch.ca_file.empty()) fetch.ca_file = beside(config.file, fetch.ca_file);
  std::vector<std::string> allowed;
  reader.read("allow_private", allowed);
  for (const auto& text : allowed) {
    auto range = parse_address_range(text);
    if (!range) return reader.complain("allow_private", range.error().message);
    fetch.allow_private.push_back(*std::move(range));
  }
  reader.read("resolve", fetch.resolve);
  for (const auto& line : fetch.resolve)
    if (!is_resolve_line(line))
      reader.complain("resolve", fmt::format("'{}' is not HOST:PORT:ADDRESS", line));
}

void check_proxy(const TableReader& reader, const std::string& proxy) {
  if (!proxy.empty() && !is_proxy(proxy))
    reader.complain("proxy", "'proxy' must be like socks5h://host:port or http://host:port");
}

}  // namespace earshot
