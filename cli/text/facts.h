// Facts, a line each, with what they are of in front of them. Pure.
//
//   State     running
//   Template  hello, version 2
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/text/colour.h"
#include "cli/text/table.h"

namespace drover::cli {

class Facts {
 public:
  // Left out where there is no text.
  void add(const std::string& name, Cell fact);
  std::string text(const Palette& palette) const;

 private:
  std::vector<std::pair<std::string, Cell>> facts_;
};

}  // namespace drover::cli
