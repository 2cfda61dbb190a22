#include "cli/text/facts.h"

#include <algorithm>

#include "cli/text/width.h"

namespace drover::cli {

void Facts::add(const std::string& name, Cell fact) {
  if (fact.text.empty()) return;
  fact.text = printable(fact.text);
  facts_.emplace_back(name, std::move(fact));
}

std::string Facts::text(const Palette& palette) const {
  std::size_t width = 0;
  for (const auto& [name, fact] : facts_) width = std::max(width, width_of(name));
  std::string out;
  for (const auto& [name, fact] : facts_) {
    out += palette.paint(padded(name, width), Colour::bold) + "  " +
           palette.paint(fact.text, fact.colour) + "\n";
  }
  return out;
}

}  // namespace drover::cli
