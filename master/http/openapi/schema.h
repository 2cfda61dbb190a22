// JSON schemas, made by functions that the compiler can name: a column of a table holds one, and a
// reference to a schema that does not exist does not compile.
//
//   constexpr std::array kNodeMembers = std::to_array<Member>({
//       {"id", required, uuid, "what the node is called"},
//       {"labels", required, map<text>, "names and values, from its agent"},
//   });
//   inline constexpr Component kNode{"Node", "A machine with an agent.", object<kNodeMembers>};
//
// The dialect is that of OpenAPI 3.1, and of it what JSON Schema has had since draft 7.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>

namespace drover::http {

enum class Presence { required, optional };

}  // namespace drover::http

namespace drover::http::schema {

class Components;

// Notes in `components` what it refers to.
using Schema = boost::json::object (*)(Components& components);

// A schema with a name of its own, to which others refer.
struct Component {
  std::string_view name;     // "Instance"
  std::string_view meaning;  // for people
  Schema schema;
};

// Those that have been referred to, and what they refer to. Lives as long as a document is made.
class Components {
 public:
  // {"$ref":"#/components/schemas/NAME"}. The component must outlive this object.
  boost::json::object refer(const Component& component);
  // By their names.
  boost::json::object take();

 private:
  struct Made {
    const Component* component;
    boost::json::object schema;
  };
  std::map<std::string_view, Made> made_;
};

// One member of an object that is answered.
struct Member {
  std::string_view name;
  Presence presence;  // optional: left out where it says nothing
  Schema schema;
  std::string_view meaning;  // with its unit
};

boost::json::object text(Components&);
boost::json::object name(Components&);  // of a template, a group, a task
boost::json::object flag(Components&);
boost::json::object uuid(Components&);
boost::json::object time(Components&);      // RFC 3339
boost::json::object duration(Components&);  // "10s"
boost::json::object size(Components&);      // "512MiB"
boost::json::object number(Components&);    // from 0, also parts of one
boost::json::object count(Components&);     // whole, from 0

boost::json::object whole_from(std::int64_t least, std::int64_t most);
boost::json::object text_from(std::size_t least, std::size_t most);
boost::json::object list_from(boost::json::object element, std::size_t least, std::size_t most);
boost::json::object map_of(boost::json::object member);
boost::json::object words_of(std::span<const std::string_view> words);
// A member, or the schema of one, with what it means.
boost::json::object described(boost::json::object schema, std::string_view meaning);

template <std::int64_t least, std::int64_t most>
boost::json::object whole(Components&) {
  return whole_from(least, most);
}

// Counted in characters, which are never more than the bytes that count.
template <std::size_t least, std::size_t most>
boost::json::object text_of(Components&) {
  return text_from(least, most);
}

// `most` 0: as many as one likes.
template <Schema element, std::size_t least = 0, std::size_t most = 0>
boost::json::object list(Components& components) {
  return list_from(element(components), least, most);
}

// Members of any name.
template <Schema member>
boost::json::object map(Components& components) {
  return map_of(member(components));
}

template <const Component& component>
boost::json::object ref(Components& components) {
  return components.refer(component);
}

// One of these words.
template <const auto& words>
boost::json::object word(Components&) {
  return words_of(words);
}

// The words of an enumeration, which has a to_string, from `first` to `last`.
template <auto first, decltype(first) last>
boost::json::object word_of(Components&) {
  boost::json::array words;
  for (int value = static_cast<int>(first); value <= static_cast<int>(last); ++value) {
    words.emplace_back(to_string(static_cast<decltype(first)>(value)));
  }
  return {{"type", "string"}, {"enum", words}};
}

// An object with no other members than those.
class ObjectMaker {
 public:
  explicit ObjectMaker(Components& components) : components_(components) {}
  void add(std::span<const Member> members);
  void add(std::string_view member, Presence presence, boost::json::object schema);
  boost::json::object take();

 private:
  Components& components_;
  boost::json::object properties_;
  boost::json::array required_;
};

template <const auto&... tables>
boost::json::object object(Components& components) {
  ObjectMaker maker(components);
  (maker.add(tables), ...);
  return maker.take();
}

// Exactly one of these.
template <Schema... choices>
boost::json::object one_of(Components& components) {
  boost::json::array list;
  (list.emplace_back(choices(components)), ...);
  return {{"oneOf", list}};
}

}  // namespace drover::http::schema
