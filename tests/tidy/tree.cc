#include "tests/tidy/tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace drover::tidy {
namespace {

namespace fs = std::filesystem;

bool is_skipped(const fs::path& name) {
  return name == "build" || name == ".git" || name == ".cache" || name == "__pycache__" ||
         name == "compile_commands.json";
}

std::string content_of(const fs::path& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

// Where the raw string that begins at `place` (its R) ends, past its last quote.
std::size_t end_of_raw_string(std::string_view text, std::size_t place) {
  const std::size_t open = text.find('(', place);
  if (open == std::string_view::npos) return text.size();
  const std::string closing = ")" + std::string(text.substr(place + 2, open - place - 2)) + "\"";
  const std::size_t close = text.find(closing, open);
  return close == std::string_view::npos ? text.size() : close + closing.size();
}

// Where the quoted literal that begins at `place` ends, past its closing quote.
std::size_t end_of_literal(std::string_view text, std::size_t place) {
  const char quote = text[place];
  for (std::size_t i = place + 1; i < text.size() && text[i] != '\n'; ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == quote)
      return i + 1;
  }
  return std::min(text.find('\n', place), text.size());
}

// Where the comment or literal that begins at `place` ends; `place` if none begins there.
std::size_t end_of_aside(std::string_view text, std::size_t place) {
  const std::string_view rest = text.substr(place);
  if (rest.starts_with("//")) return std::min(text.find('\n', place), text.size());
  if (rest.starts_with("/*")) {
    const std::size_t close = text.find("*/", place + 2);
    return close == std::string_view::npos ? text.size() : close + 2;
  }
  if (rest.starts_with("R\"")) return end_of_raw_string(text, place);
  if (rest.starts_with("\"")) return end_of_literal(text, place);
  // Not the separator of 10'000.
  const bool in_number = place > 0 && std::isalnum(static_cast<unsigned char>(text[place - 1]));
  if (rest.starts_with("'") && !in_number) return end_of_literal(text, place);
  return place;
}

bool is_include_line(std::string_view text, std::size_t place) {
  const std::size_t newline = text.rfind('\n', place);
  const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  return text.substr(begin).starts_with("#include");
}

}  // namespace

std::string_view File::extension() const {
  const std::size_t dot = path.rfind('.');
  const std::size_t slash = path.rfind('/');
  if (dot == std::string::npos || (slash != std::string::npos && dot < slash)) return {};
  return std::string_view(path).substr(dot);
}

std::string File::directory() const { return fs::path(path).parent_path().string(); }

bool File::is_below(std::string_view directory) const {
  return path.size() > directory.size() && path.starts_with(directory) &&
         path[directory.size()] == '/';
}

bool File::is_cpp() const { return extension() == ".cc" || extension() == ".h"; }

bool File::is_shell() const {
  if (extension() == ".sh") return true;
  const std::string first = text.substr(0, text.find('\n'));
  return first.starts_with("#!") && (first.ends_with("/sh") || first.ends_with("bash"));
}

Files read_tree(const std::string& top) {
  Files files;
  for (auto entry = fs::recursive_directory_iterator(top); entry != fs::end(entry); ++entry) {
    if (is_skipped(entry->path().filename())) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file()) {
      files.push_back(
          {fs::relative(entry->path(), top).generic_string(), content_of(entry->path())});
    }
  }
  std::sort(files.begin(), files.end(),
            [](const File& a, const File& b) { return a.path < b.path; });
  return files;
}

std::string text_of(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.path + ":" + std::to_string(finding.line) + ": " + finding.what + "\n";
  }
  return text;
}

void for_each_line(std::string_view text, const std::function<void(int, std::string_view)>& visit) {
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    visit(number, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string code_of(std::string_view cpp) {
  std::string code(cpp);
  for (std::size_t place = 0; place < cpp.size();) {
    const std::size_t end = end_of_aside(cpp, place);
    if (end == place) {
      ++place;
      continue;
    }
    const bool kept = cpp[place] == '"' && is_include_line(cpp, place);
    for (; place < end; ++place) {
      if (!kept && cpp[place] != '\n') code[place] = ' ';
    }
  }
  return code;
}

}  // namespace drover::tidy
