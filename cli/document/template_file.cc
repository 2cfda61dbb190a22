#include "cli/document/template_file.h"

#include <boost/json/parse.hpp>
#include <cerrno>
#include <cstdio>
#include <iostream>
#include <iterator>

#include "cli/document/yaml_json.h"
#include "common/files.h"

namespace drover::cli {
namespace {

Error in_file(const std::string& path, const std::string& what) {
  return {ErrorKind::invalid, (path == "-" ? "standard input" : path) + ": " + what};
}

Result<std::string> content_of(const std::string& path) {
  if (path == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  auto content = read_file(path);
  if (!content) return Error{ErrorKind::invalid, content.error().message};
  if (!*content) return in_file(path, "no such file");
  return **std::move(content);
}

}  // namespace

Result<std::vector<std::string>> read_templates(const std::string& path) {
  auto content = content_of(path);
  if (!content) return content.error();
  const std::size_t begin = content->find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return in_file(path, "nothing is in it");
  if ((*content)[begin] == '{') return std::vector<std::string>{*std::move(content)};
  auto documents = json_of_yaml(*content);
  if (!documents) return in_file(path, documents.error().message);
  if (documents->empty()) return in_file(path, "no template is in it");
  return documents;
}

Result<std::string> read_template(const std::string& path) {
  auto documents = read_templates(path);
  if (!documents) return documents.error();
  if (documents->size() == 1) return std::move(documents->front());
  return in_file(path, std::to_string(documents->size()) + " templates, where one is wanted");
}

std::string name_of_template(const std::string& json) {
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(json, error);
  if (error || !value.is_object()) return "";
  const auto* name = value.get_object().if_contains("name");
  return name != nullptr && name->is_string() ? std::string(name->get_string()) : "";
}

}  // namespace drover::cli
