// Tables of texts in columns. Pure.
//
//   Table table({{"NAME"}, {"STATE"}, {"CAUSE", Fit::elastic}});
//   table.add({{"web"}, {"running", Colour::green}, {""}});
//   print(table.text(terminal_width, palette));
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "cli/text/colour.h"

namespace drover::cli {

enum class Fit {
  whole,    // never cut while any elastic column can be
  elastic,  // cut where the table is too wide
  spare,    // cut before these are, and left out where that is not enough
};

struct Column {
  std::string title;
  Fit fit = Fit::whole;
};

struct Cell {
  Cell(std::string text_ = "", Colour colour_ = Colour::plain)  // NOLINT
      : text(std::move(text_)), colour(colour_) {}
  Cell(const char* text_) : text(text_) {}  // NOLINT(google-explicit-constructor)

  std::string text;  // any: what cannot be printed is escaped
  Colour colour = Colour::plain;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as there are columns.
  void add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }

  // The titles and all rows, each on a line that ends with '\n' and takes at most `width` columns
  // (0: as many as it needs). Columns in which nothing stands are left out.
  std::string text(std::size_t width, const Palette& palette) const;

 private:
  std::vector<std::size_t> widths(std::size_t available) const;
  std::string line(const std::vector<Cell>& row, const std::vector<std::size_t>& widths,
                   const Palette& palette) const;

  const std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace drover::cli
