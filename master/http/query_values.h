// What a request says of the parameters that its call takes.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace drover::http {

// Decoded. Each name is there once at the most.
class QueryValues {
 public:
  // Null: it was not given.
  const std::string* find(std::string_view name) const {
    const auto found = std::find_if(values_.begin(), values_.end(),
                                    [name](const auto& each) { return each.first == name; });
    return found == values_.end() ? nullptr : &found->second;
  }
  void set(std::string name, std::string value) {
    values_.emplace_back(std::move(name), std::move(value));
  }

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace drover::http
