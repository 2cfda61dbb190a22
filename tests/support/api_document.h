// The OpenAPI document of a master, as a judge of what the master answers.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace drover::test {

// Not for several threads at a time.
class ApiDocument {
 public:
  // `text` is JSON, and is taken for a document: what is missing in it throws.
  explicit ApiDocument(const std::string& text);
  ~ApiDocument();

  struct Operation {
    std::string id;
    std::string method;  // "GET"
    std::string path;    // "/api/v1/instances/{id}"
    const boost::json::object* json;
  };
  const std::vector<Operation>& operations() const { return operations_; }
  const Operation& operation(std::string_view id) const;
  const boost::json::object& root() const { return root_; }

  // What a reference leads to; an object that is none is given back.
  const boost::json::object& resolve(const boost::json::object& object) const;

  // What is wrong with the value, a line for each; empty: it fits the schema, which may refer to
  // the document's.
  std::string misfit(const boost::json::object& schema, const boost::json::value& value) const;
  std::string misfit(const std::string& component, const boost::json::value& value) const;

  // The same of a whole answer: its status, its Content-Type, its body, the code of its error.
  std::string misfit(const Operation& operation, int status, const std::string& content_type,
                     const std::string& body) const;

 private:
  // Null: the document does not have this status.
  const boost::json::object* response_of(const Operation& operation, int status) const;
  std::string content_misfit(const boost::json::object& content, const std::string& content_type,
                             const std::string& body) const;
  std::string error_misfit(const boost::json::object& content, const std::string& body) const;

  // Made at its first use, and kept: by its text.
  struct Compiled;
  const Compiled& compiled(const boost::json::object& schema) const;

  boost::json::object root_;
  std::vector<Operation> operations_;
  mutable std::map<std::string, std::unique_ptr<Compiled>> compiled_;
};

// Calls `visit` with every object inside of the value, itself included.
void for_each_object(const boost::json::value& value,
                     const std::function<void(const boost::json::object&)>& visit);

}  // namespace drover::test
