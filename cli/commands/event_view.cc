#include "cli/commands/event_view.h"

#include "cli/client/answers.h"
#include "cli/text/width.h"

namespace drover::cli {
namespace {

constexpr std::size_t kKindColumns = 18;
constexpr std::size_t kStateColumns = 10;

}  // namespace

std::string event_text(const boost::json::object& event, const Palette& palette) {
  const std::string state = text_of(event, "state");
  std::string text = palette.paint(text_of(event, "time"), Colour::dim) + "  " +
                     padded(printable(text_of(event, "kind")), kKindColumns) + "  " +
                     palette.paint(padded(printable(state), kStateColumns), colour_of_state(state));
  const auto add = [&text](std::string_view name, const std::string& value) {
    if (!value.empty()) text.append("  ").append(name).append("=").append(printable(value));
  };
  add("template", text_of(event, "template"));
  if (event.contains("version")) add("version", std::to_string(number_of(event, "version")));
  add("instance", text_of(event, "instance"));
  add("allocation", text_of(event, "allocation"));
  add("task", text_of(event, "task"));
  add("node", text_of(event, "node"));
  add("detail", text_of(event, "detail"));
  return text.erase(text.find_last_not_of(' ') + 1) + "\n";
}

}  // namespace drover::cli
