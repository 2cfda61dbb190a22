#include "cli/document/yaml_json.h"

#include <yaml-cpp/yaml.h>

#include <set>

#include "cli/document/core_scalar.h"

namespace drover::cli {
namespace {

constexpr int kDeepest = 64;                       // as deep as a document may nest
constexpr std::size_t kLongest = 4 * 1024 * 1024;  // bytes of JSON: aliases multiply
constexpr std::string_view kCoreTag = "tag:yaml.org,2002:";

Error error_at(const YAML::Mark& mark, const std::string& what) {
  const std::string where = mark.is_null() ? "" : "line " + std::to_string(mark.line + 1) + ": ";
  return {ErrorKind::invalid, where + what};
}

// Writes nodes one behind the other. The first error ends it.
class Writer {
 public:
  Status write(const YAML::Node& node, int depth) {
    if (depth > kDeepest) {
      return error_at(node.Mark(), "nested deeper than " + std::to_string(kDeepest) + " levels");
    }
    if (out_.size() > kLongest) {
      return error_at(node.Mark(), "longer than " + std::to_string(kLongest) + " bytes as JSON");
    }
    switch (node.Type()) {
      case YAML::NodeType::Map:
        return write_map(node, depth);
      case YAML::NodeType::Sequence:
        return write_sequence(node, depth);
      case YAML::NodeType::Scalar:
        return write_scalar(node);
      case YAML::NodeType::Null:
      case YAML::NodeType::Undefined:
        break;
    }
    out_ += "null";
    return Done{};
  }

  std::string take() { return std::move(out_); }

 private:
  Status write_map(const YAML::Node& node, int depth) {
    if (auto checked = check_tag(node, "map"); !checked) return checked;
    std::set<std::string> keys;
    out_ += '{';
    for (const auto& entry : node) {
      const YAML::Node& key = entry.first;
      if (!key.IsScalar()) return error_at(key.Mark(), "a key that is no plain text");
      if (!keys.insert(key.Scalar()).second) {
        return error_at(key.Mark(), "'" + key.Scalar() + "' is given twice");
      }
      if (keys.size() > 1) out_ += ',';
      out_ += json_quoted(key.Scalar()) + ":";
      if (auto written = write(entry.second, depth + 1); !written) return written;
    }
    out_ += '}';
    return Done{};
  }

  Status write_sequence(const YAML::Node& node, int depth) {
    if (auto checked = check_tag(node, "seq"); !checked) return checked;
    out_ += '[';
    bool first = true;
    for (const auto& entry : node) {
      if (!first) out_ += ',';
      first = false;
      if (auto written = write(entry, depth + 1); !written) return written;
    }
    out_ += ']';
    return Done{};
  }

  Status write_scalar(const YAML::Node& node) {
    const std::string& tag = node.Tag();
    // "!" is what the parser gives to quoted scalars and blocks.
    if (tag == "!" || tag == std::string(kCoreTag) + "str") {
      out_ += json_quoted(node.Scalar());
      return Done{};
    }
    if (auto checked = check_tag(node, ""); !checked) return checked;
    const auto json = json_of_plain(node.Scalar());
    if (!json) return error_at(node.Mark(), json.error().message);
    out_ += *json;
    return Done{};
  }

  // No tag, or that of what it is anyway.
  static Status check_tag(const YAML::Node& node, std::string_view own) {
    const std::string& tag = node.Tag();
    if (tag.empty() || tag == "?" || tag == "!") return Done{};
    if (!own.empty() && tag == std::string(kCoreTag) + std::string(own)) return Done{};
    return error_at(node.Mark(), "the tag " + tag + " has no meaning here");
  }

  std::string out_;
};

}  // namespace

Result<std::vector<std::string>> json_of_yaml(std::string_view yaml) {
  std::vector<std::string> documents;
  try {
    for (const YAML::Node& root : YAML::LoadAll(std::string(yaml))) {
      if (root.IsNull()) continue;
      Writer writer;
      if (auto written = writer.write(root, 1); !written) return written.error();
      documents.push_back(writer.take());
    }
  } catch (const YAML::Exception& error) {
    return error_at(error.mark, error.msg);
  }
  return documents;
}

}  // namespace drover::cli
