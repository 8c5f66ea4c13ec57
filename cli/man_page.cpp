#include "cli/man_page.hpp"

#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/help.hpp"

namespace earshot {

namespace {

constexpr std::string_view description =
    "Collects what people say about a business, keeps it, labels it, and reports it as the "
    "metrics\n"
    "of the business's social maturity. Every number comes with its n, its interval and the posts\n"
    "behind it, and what the data cannot give says \"not measurable\".\n\n"
    "stdout is the result and nothing else; progress and errors go to stderr.\n";

struct Entry {
  std::string_view name, meaning;
};

constexpr Entry variables[] = {
    {"EARSHOT_CONFIG", "the config, where --config does not name one"},
    {"EARSHOT_MODEL", "the sentiment model, where neither --model nor the config names one"},
    {"XDG_CONFIG_HOME", "where earshot/earshot.toml is looked for; default: ~/.config"},
    {"http_proxy, https_proxy, all_proxy",
     "the proxy for feeds, as curl(1) reads them, but it looks names up itself"},
    {"NO_COLOR", "if it is set to anything, nothing is coloured"},
};

/// Below the folder that has the program's bin/.
constexpr Entry files[] = {
    {"./earshot.toml, ~/.config/earshot/earshot.toml", "the config; earshot init writes one"},
    {"share/earshot/models/sentiment.model",
     "the sentiment model, beside the program's bin/; its card is the .md file there"},
    {"share/earshot/earshot.toml", "the config with every key explained"},
    {"share/earshot/mappings/", "layouts of public archives, for earshot ingest --mapping"},
    {"share/earshot/examples/", "configs for those archives"},
    {"share/earshot/demo/", "an invented business with its posts; its README.md says what to try"},
};

std::string_view escape(char c) {
  switch (c) {
    case '\\':
      return "\\e";
    case '-':
      return "\\-";  // else it is typeset as a hyphen, which no shell takes for an option's
    case '\'':
      return "\\(aq";
    case '`':
      return "\\(ga";
    case '^':
      return "\\(ha";
    case '~':
      return "\\(ti";
    case '"':
      return "\\(dq";
    default:
      return {};
  }
}

/// Text in which nothing is a request or an escape: also not a point that starts a line. An empty
/// line starts a paragraph.
std::string roff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (c == '\n' && line_start) out += ".PP";
    if (c == '.' && line_start) out += "\\&";
    const auto escaped = escape(c);
    if (escaped.empty())
      out += c;
    else
      out += escaped;
    line_start = c == '\n';
  }
  return out;
}

std::string bold(std::string_view text) {
  return "\\fB" + roff(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + roff(text) + "\\fR";
}

void append_item(std::string& page, const std::string& tag, std::string_view text) {
  page += ".TP\n" + tag + "\n" + roff(text) + "\n";
}

void append_options(std::string& page, std::span<const Option> options) {
  for (const auto& option : options) {
    std::string tag;
    if (option.letter != 0) tag = bold(std::string{'-', option.letter}) + ", ";
    tag += bold("--" + std::string{option.name});
    if (!option.value.empty()) tag += " " + italic(option.value);
    append_item(page, tag, std::string{option.help} + (option.repeats ? " (may be repeated)" : ""));
  }
}

void append_command(std::string& page, const Command& command) {
  const auto& details = command.details;
  page += ".SS " + roff(command.name) + "\n";
  page += bold("earshot " + std::string{command.name}) + " [" + italic("options") + "]";
  if (!details.operands.empty()) page += " " + italic(details.operands);
  page += "\n.PP\n" + roff(command.summary) + ".\n.PP\n" + roff(details.description) + "\n";
  append_options(page, details.options);
  page += ".PP\nExample:\n.PP\n.RS 4\n.EX\n" + roff(details.example) + "\n.EE\n.RE\n";
}

}  // namespace

std::string man_page() {
  std::string page = fmt::format(
      ".\\\" Printed by `earshot help --man`.\n"
      ".TH EARSHOT 1 \"\" \"earshot {}\" \"User Commands\"\n"
      ".nh\n.ad l\n"
      ".SH NAME\nearshot \\- self\\-hosted social listening\n",
      roff(earshot_version()));
  page += ".SH SYNOPSIS\n" + bold("earshot") + " " + italic("COMMAND") + " [" + italic("options") +
          "] [" + italic("operands") + "]\n.br\n" + bold("earshot --help") + " | " +
          bold("--version") + "\n";
  page += ".SH DESCRIPTION\n" + roff(description);
  page += ".SH OPTIONS OF ALL COMMANDS\n";
  append_options(page, global_options());
  page += ".SH COMMANDS\n";
  for (const auto& command : commands()) append_command(page, command);
  page += ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : exit_codes()) append_item(page, bold(code), meaning);
  page += ".SH ENVIRONMENT\n";
  for (const auto& [name, meaning] : variables) append_item(page, bold(name), meaning);
  page += ".SH FILES\n";
  for (const auto& [name, meaning] : files) append_item(page, italic(name), meaning);
  return page + ".SH SEE ALSO\n.BR crontab (5),\n.BR curl (1)\n";
}

}  // namespace earshot
