#include "cli/text/table.h"

#include <algorithm>

#include "cli/text/width.h"
#include "common/check.h"

namespace drover::cli {
namespace {

constexpr std::size_t kGap = 2;        // between columns
constexpr std::size_t kNarrowest = 4;  // to which a column is cut

// Takes `excess` columns away from those that `may` names, always from the widest of them.
template <class May>
void narrow(std::vector<std::size_t>& widths, std::size_t& excess, const May& may) {
  while (excess > 0) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (!may(i) || widths[i] <= kNarrowest) continue;
      if (widest == widths.size() || widths[i] > widths[widest]) widest = i;
    }
    if (widest == widths.size()) return;
    --widths[widest];
    --excess;
  }
}

// Of the columns that `may` names the last ones, but never the first of all.
template <class May>
void leave_out(std::vector<std::size_t>& widths, std::size_t& excess, const May& may) {
  for (std::size_t i = widths.size(); excess > 0 && i-- > 1;) {
    if (widths[i] == 0 || !may(i)) continue;
    excess -= std::min(excess, widths[i] + kGap);
    widths[i] = 0;
  }
}

}  // namespace

void Table::add(std::vector<Cell> row) {
  DROVER_CHECK(row.size() == columns_.size(), "a row has a cell for every column");
  for (Cell& cell : row) cell.text = printable(cell.text);
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::widths(std::size_t available) const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(row[i].text));
    }
  }
  std::size_t needed = 0;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (widths[i] == 0 && !rows_.empty()) continue;
    widths[i] = std::max(widths[i], width_of(columns_[i].title));
    needed += widths[i] + (needed > 0 ? kGap : 0);
  }
  if (available == 0 || needed <= available) return widths;
  std::size_t excess = needed - available;
  narrow(widths, excess, [&](std::size_t i) { return columns_[i].fit == Fit::spare; });
  leave_out(widths, excess, [&](std::size_t i) { return columns_[i].fit == Fit::spare; });
  narrow(widths, excess, [&](std::size_t i) { return columns_[i].fit == Fit::elastic; });
  narrow(widths, excess, [](std::size_t) { return true; });
  leave_out(widths, excess, [](std::size_t) { return true; });
  return widths;
}

std::string Table::line(const std::vector<Cell>& row, const std::vector<std::size_t>& widths,
                        const Palette& palette) const {
  std::string line;
  std::string gap;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (widths[i] == 0) continue;
    const std::string text = cut(row[i].text, widths[i]);
    line += gap + palette.paint(text, row[i].colour);
    gap.assign(widths[i] - width_of(text) + kGap, ' ');
  }
  // Where the last cells are empty, nothing is filled up.
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string Table::text(std::size_t width, const Palette& palette) const {
  const std::vector<std::size_t> columns = widths(width);
  std::vector<Cell> titles;
  for (const Column& column : columns_) titles.emplace_back(column.title, Colour::bold);
  std::string out = line(titles, columns, palette) + "\n";
  for (const auto& row : rows_) out += line(row, columns, palette) + "\n";
  return out;
}

}  // namespace drover::cli
