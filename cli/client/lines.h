// Puts lines together that come in pieces. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace drover::cli {

class Lines {
 public:
  // Calls `visit` with each line that is whole now, without its end, as a std::string_view. What
  // has no end yet is kept for the next piece.
  template <class Visit>
  void add(std::string_view piece, const Visit& visit) {
    rest_ += piece;
    std::size_t begin = 0;
    for (std::size_t end = rest_.find('\n'); end != std::string::npos;
         end = rest_.find('\n', begin)) {
      visit(std::string_view(rest_).substr(begin, end - begin));
      begin = end + 1;
    }
    rest_.erase(0, begin);
  }

 private:
  std::string rest_;
};

}  // namespace drover::cli
