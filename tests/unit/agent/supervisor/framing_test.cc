#include "agent/supervisor/framing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "common/limits.h"
#include "drover/supervisor.pb.h"

namespace drover::supervisor {
namespace {

Request kill_of(const std::string& key) {
  Request request;
  request.mutable_kill()->set_key(key);
  return request;
}

void feed(FrameReader& reader, std::string_view bytes) {
  std::memcpy(reader.prepare(bytes.size()), bytes.data(), bytes.size());
  reader.commit(bytes.size());
}

// The key of the next message; "" while it is incomplete.
std::string next_key(FrameReader& reader) {
  auto frame = reader.next();
  EXPECT_TRUE(frame);
  if (!frame || !frame->has_value()) return "";
  Request request;
  EXPECT_TRUE(request.ParseFromArray((*frame)->data(), static_cast<int>((*frame)->size())));
  return request.kill().key();
}

TEST(FramingTest, TheLengthIsFourBytesLittleEndian) {
  std::string bytes;
  append_frame(bytes, kill_of(std::string(300, 'k')));
  const std::size_t length = bytes.size() - 4;
  EXPECT_EQ(static_cast<unsigned char>(bytes[0]), length % 256);
  EXPECT_EQ(static_cast<unsigned char>(bytes[1]), length / 256);
  EXPECT_EQ(bytes.substr(2, 2), std::string(2, '\0'));
}

TEST(FramingTest, MessagesComeOutAsTheyWentIn) {
  std::string bytes;
  for (const char* key : {"a", "b", "c"}) append_frame(bytes, kill_of(key));
  FrameReader reader;
  feed(reader, bytes);
  EXPECT_EQ(next_key(reader), "a");
  EXPECT_EQ(next_key(reader), "b");
  EXPECT_EQ(next_key(reader), "c");
  EXPECT_EQ(next_key(reader), "");
}

TEST(FramingTest, BytesMayComeOneByOne) {
  std::string bytes;
  append_frame(bytes, kill_of("first"));
  append_frame(bytes, kill_of("second"));
  FrameReader reader;
  std::vector<std::string> keys;
  for (const char byte : bytes) {
    feed(reader, {&byte, 1});
    const std::string key = next_key(reader);
    if (!key.empty()) keys.push_back(key);
  }
  EXPECT_EQ(keys, (std::vector<std::string>{"first", "second"}));
}

TEST(FramingTest, AMessageMayBeAsLongAsTheLimitAndNotLonger) {
  const auto announced = [](std::size_t length) {
    std::string bytes(4, '\0');
    for (int i = 0; i < 4; ++i) {
      bytes[static_cast<std::size_t>(i)] = static_cast<char>(length >> (8 * i));
    }
    return bytes;
  };
  FrameReader good;
  feed(good, announced(limits::kSupervisorMessageBytes));
  EXPECT_TRUE(good.next());
  FrameReader bad;
  feed(bad, announced(limits::kSupervisorMessageBytes + 1));
  EXPECT_FALSE(bad.next());
}

TEST(FramingTest, AnEmptyMessageIsAMessage) {
  FrameReader reader;
  feed(reader, std::string(4, '\0'));
  auto frame = reader.next();
  ASSERT_TRUE(frame);
  ASSERT_TRUE(frame->has_value());
  EXPECT_TRUE((*frame)->empty());
}

}  // namespace
}  // namespace drover::supervisor
