#include "cli/commands/top_view.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "cli/client/answers.h"
#include "cli/commands/instance_table.h"
#include "cli/commands/node_view.h"
#include "cli/text/width.h"

namespace drover::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kFixedRows = 7;  // headline, note, titles, summary, and what parts them
constexpr std::size_t kFewest = 3;     // of nodes and instances, where there are so many

std::string headline(const TopView& view, std::size_t columns, const Palette& palette) {
  const std::string state = text_of(view.cluster, "state");
  const std::string counts = std::to_string(number_of(view.cluster, "online_nodes")) + " of " +
                             std::to_string(number_of(view.cluster, "nodes")) + " nodes online";
  const std::string plain = cut(state + "  " + counts, columns);
  if (plain.size() <= state.size()) return plain + "\n";
  return palette.paint(state, colour_of_state(state)) + plain.substr(state.size()) + "\n";
}

std::string note(const TopView& view, std::size_t columns, const Palette& palette) {
  if (view.problem.empty()) return palette.paint(cut("q ends this", columns), Colour::dim) + "\n";
  const std::string text = cut(printable(view.problem + "; trying again"), columns);
  return palette.paint(text, Colour::red) + "\n";
}

std::string summary(const TopView& view, std::size_t columns, const Palette& palette) {
  const std::int64_t alive = number_of(view.cluster, "live_instances");
  std::string text = std::to_string(alive) + (alive == 1 ? " instance" : " instances") + " alive";
  const std::string counts = state_counts(view.alive);
  if (!counts.empty()) text += ": " + counts;
  // Of more than are listed, the states are those of the newest.
  if (view.alive.contains("cursor")) text += " of the newest";
  return palette.paint(cut(printable(text), columns), Colour::bold) + "\n";
}

// The list with its first `most` members.
json::object first_of(const json::object& answer, const std::string& list, std::size_t most) {
  const json::array& all = array_of(answer, list);
  json::array some(all.begin(),
                   all.begin() + static_cast<std::ptrdiff_t>(std::min(most, all.size())));
  return {{list, std::move(some)}};
}

std::string left_out(std::size_t count, std::size_t shown, const std::string& what,
                     std::size_t columns, const Palette& palette) {
  if (count <= shown) return "";
  return palette.paint(cut("… and " + std::to_string(count - shown) + " more " + what, columns),
                       Colour::dim) +
         "\n";
}

}  // namespace

std::string top_picture(const TopView& view, std::size_t columns, std::size_t rows, Instant now,
                        const Palette& palette) {
  const std::size_t nodes = array_of(view.nodes, "nodes").size();
  const std::size_t instances = array_of(view.newest, "instances").size();
  const std::size_t room = rows > kFixedRows ? rows - kFixedRows : 0;
  // What the instances do not need is for the nodes.
  const std::size_t half = std::max({room / 2, room - std::min(room, instances), kFewest});
  // The line that says what is left out takes the place of one.
  const std::size_t shown = nodes <= half ? nodes : half - 1;
  const std::size_t taken = std::min(nodes, half);
  const std::size_t below = std::max(room - std::min(room, taken), kFewest);
  return headline(view, columns, palette) + note(view, columns, palette) + "\n" +
         node_table(first_of(view.nodes, "nodes", shown), now).text(columns, palette) +
         left_out(nodes, shown, "nodes: drover nodes", columns, palette) + "\n" +
         summary(view, columns, palette) +
         instance_table(first_of(view.newest, "instances", below), now).text(columns, palette);
}

}  // namespace drover::cli
