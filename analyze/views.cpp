#include "analyze/views.hpp"

#include <algorithm>
#include <utility>

namespace earshot {

namespace {

constexpr std::string_view altimeter = "Altimeter's stages";
constexpr std::string_view cisco = "Cisco's playbook";
constexpr std::string_view wenger = "Wenger's communities of practice";
constexpr std::string_view owyang = "Owyang's process";
constexpr std::string_view visible = "Listen, learn, engage, integrate";

// clang-format off
std::vector<View> all_views() {
  return {
      {"planning", "Planning", altimeter, "Do you listen, and what do you learn?",
       {"M01", "M02", "M03", "M08", "M11", "M12", "M14", "M04"},
       "pilots (milestones file); how ready the firm is inside", Stage::planning},
      {"presence", "Presence", altimeter, "Do you have a voice of your own?",
       {"M16", "M17", "M18", "M19", "M22", "M23", "M24"},
       "views (exposure file); visits (traffic file)", Stage::presence},
      {"engagement", "Engagement", altimeter, "Do you answer, and do people speak up for you?",
       {"M26", "M27", "M29", "M20", "M32", "M35", "M39", "M42", "M43"},
       "conversions (traffic file); official resolution (cases file); how engaged the staff is", Stage::engagement},
      {"formalized", "Formalized", altimeter, "Is there one consistent way over all accounts?",
       {"M28", "M44", "M45", "M46", "M47", "M50"},
       "training (staff file); sponsor and hub (milestones file)", Stage::formalized},
      {"strategic", "Strategic", altimeter, "Do the departments own their part?",
       {"M51", "M52", "M53", "M54", "M55", "M57"},
       "the steering group (milestones file)", Stage::strategic},
      {"converged", "Converged", altimeter, "Is social a part of the one strategy?",
       {"M58", "M59", "M60", "M52", "M61", "M62"},
       "money (traffic file); cases by other ways (cases file); whether there is one strategy", Stage::converged},

      {"cisco_enablement", "Enablement", cisco, "Are employees able to post and answer?",
       {"M44", "M51", "M45", "M48", "M49"}, "training (staff file)"},
      {"cisco_intelligence", "Intelligence", cisco, "Is what is heard sorted and used?",
       {"M76", "M15", "M50", "M03", "M12"}, ""},
      {"cisco_engagement", "Engagement", cisco, "Do you talk, in one tone?",
       {"M16", "M20", "M26", "M27", "M48"}, ""},
      {"cisco_measurement", "Measurement", cisco, "How far does it carry?",
       {"M01", "M10", "M25", "M03", "M54", "M30", "M31"}, "views (exposure file)"},
      {"cisco_advocacy", "Advocacy", cisco, "Who speaks up for you, and do you thank them?",
       {"M32", "M33", "M35", "M75", "M40", "M34"}, "visits (traffic file)"},

      {"wenger_domain", "Domain", wenger, "What do members care about?",
       {"M69", "M08", "M05", "M74"}, "how members see themselves: ask them"},
      {"wenger_community", "Community", wenger, "Who takes part, and who helps whom?",
       {"M40", "M41", "M65", "M63", "M64", "M07"}, "what is said in private"},
      {"wenger_practice", "Practice", wenger, "What answers and resources do they share?",
       {"M66", "M67", "M68", "M63"}, "what was learnt (survey file)"},

      {"owyang_education", "1 Education", owyang, "What is out there?", {"M01", "M11", "M74", "M05", "M08"}, ""},
      {"owyang_research", "2 Research", owyang, "Who are they, and who else is talked about?",
       {"M03", "M14", "M06", "M13", "M07"}, "demographics"},
      {"owyang_strategy", "3 Strategy", owyang, "Can the objectives be measured?", {"M60", "M22"},
       "whether executives agree"},
      {"owyang_planning", "4 Planning", owyang, "How much work will it be?", {"M72", "M73", "M15", "M43"},
       "money (spend file)"},
      {"owyang_implementation", "5 Implementation", owyang, "Has it started well?", {"M16", "M17", "M26", "M70"},
       "the launch date (milestones file)"},
      {"owyang_management", "6 Management", owyang, "Does it run day by day?", {"M26", "M27", "M43", "M44", "M59"}, ""},
      {"owyang_measurement", "7 Measurement", owyang, "Does it work?",
       {"M10", "M18", "M19", "M20", "M54", "M35", "M60", "M61"}, "visits (traffic file)"},
      {"owyang_renewal", "8 Renewal", owyang, "What has changed, and what next?",
       {"M70", "M71", "M56", "M57", "M68"}, "fixes and launches (milestones file)"},

      {"visible_listen", "Listen", visible, "What is said?", {"M01", "M02", "M03", "M04"}, ""},
      {"visible_learn", "Learn", visible, "What does it mean?", {"M08", "M11", "M13"}, ""},
      {"visible_engage", "Engage", visible, "Do you answer?", {"M26", "M27", "M29"}, ""},
      {"visible_integrate", "Integrate", visible, "Is it a part of the business?", {"M51", "M52", "M53", "M58"}, ""},
  };
}
// clang-format on

}  // namespace

const std::vector<View>& views() {
  static const std::vector<View> all = all_views();
  return all;
}

std::vector<const View*> find_views(std::string_view name) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  const auto equal = [&](std::string_view a) {
    return std::ranges::equal(a, name, {}, lower, lower);
  };
  std::vector<const View*> found;
  for (const auto& view : views())
    if (equal(view.name) || equal(model_key(view))) found.push_back(&view);
  return found;
}

std::string_view model_key(const View& view) {
  return view.stage ? "altimeter" : view.name.substr(0, view.name.find('_'));
}

}  // namespace earshot
