// Sends what an OpenAPI document says to the master that it is of.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/api_document.h"
#include "tests/support/http_client.h"

namespace drover::test {

// What stands for an instance and a node in the examples.
inline const std::string kInstanceExample = "01930b7e-5a3c-7b60-9c44-4a1c9d2f8e10";
inline const std::string kNodeExample = "01930b7e-4d21-7e0a-8f3b-9b6d2c1a7f05";

// A request that the document says is right.
struct Sent {
  std::string what;  // the parameter or the example that it is about
  std::string path;
  std::string query;
  std::string headers;  // lines
  std::optional<std::string> body;
};

class Caller {
 public:
  // Asks the master at the port for its document.
  explicit Caller(std::uint16_t port);

  const ApiDocument& document() const { return *document_; }

  // From now on `real` is sent wherever an example says `example`.
  void put_in_place(const std::string& example, const std::string& real);

  // With each of its headers alone, each of its parameters, each of its bodies, each type of
  // content; the last one is the plainest.
  std::vector<Sent> examples_of(const ApiDocument::Operation& operation) const;

  // Of an answer that goes on for ever, what comes first.
  HttpResponse send(const ApiDocument::Operation& operation, const Sent& sent) const;

  // What the document does not say of the answer; empty: it says it all.
  std::string misfit(const ApiDocument::Operation& operation, const HttpResponse& answer) const;

 private:
  std::string with_real_names(std::string text) const;

  std::uint16_t port_;
  std::unique_ptr<ApiDocument> document_;
  std::map<std::string, std::string> real_;
};

}  // namespace drover::test
