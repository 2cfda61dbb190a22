// Strict reading of a JSON body.
#pragma once

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <string_view>

#include "master/http/errors.h"

namespace drover::http {

// One JSON text. Refused besides what is no JSON (RFC 8259): a byte order mark, what is not UTF-8,
// two members of one name in an object, nesting beyond limits::kJsonDepth, anything after the
// value. Small documents need no memory of the heap. One thread.
class JsonDocument {
 public:
  JsonDocument() : root_(boost::json::storage_ptr(&memory_)) {}
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  // Once. The message names the line and column, and the place as a JSON pointer.
  MaybeProblem parse(std::string_view text);

  // After a successful parse(); lives as long as this.
  const boost::json::value& root() const { return root_; }

 private:
  std::array<unsigned char, 2048> first_block_;
  boost::json::monotonic_resource memory_{first_block_.data(), first_block_.size()};
  boost::json::value root_;
};

}  // namespace drover::http
