#include "agent/supervisor/channel.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "drover/supervisor.pb.h"

namespace drover::supervisor {
namespace {

class ChannelTest : public testing::Test {
 protected:
  ChannelTest() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
    here_.emplace(UniqueFd(ends[0]));
    there_.emplace(UniqueFd(ends[1]));
  }

  static Request kill_of(std::string key) {
    Request request;
    request.mutable_kill()->set_key(std::move(key));
    return request;
  }

  // The number of messages that can be read there now.
  int receive_all() {
    int count = 0;
    for (;;) {
      auto more = there_->receive();
      EXPECT_TRUE(more);
      for (;;) {
        auto frame = there_->next();
        EXPECT_TRUE(frame);
        if (!frame || !frame->has_value()) break;
        ++count;
      }
      if (!more || !*more) return count;
    }
  }

  std::optional<FrameChannel> here_;
  std::optional<FrameChannel> there_;
};

TEST_F(ChannelTest, NothingIsSentBeforeTheFlush) {
  here_->queue(kill_of("a"));
  EXPECT_TRUE(here_->wants_write());
  EXPECT_EQ(receive_all(), 0);
  ASSERT_TRUE(here_->flush());
  EXPECT_FALSE(here_->wants_write());
  EXPECT_EQ(receive_all(), 1);
}

TEST_F(ChannelTest, WhatDoesNotFitWaitsAndArrivesWhole) {
  constexpr int kMessages = 2000;
  for (int i = 0; i < kMessages; ++i) here_->queue(kill_of(std::string(1000, 'k')));
  ASSERT_TRUE(here_->flush());
  EXPECT_TRUE(here_->wants_write());
  EXPECT_GT(here_->unsent_bytes(), 0U);
  int received = 0;
  while (received < kMessages) {
    received += receive_all();
    ASSERT_TRUE(here_->flush());
  }
  EXPECT_EQ(received, kMessages);
  EXPECT_FALSE(here_->wants_write());
}

TEST_F(ChannelTest, TheEndOfTheOtherSideIsAnError) {
  there_.reset();
  EXPECT_FALSE(here_->receive());
  here_->queue(kill_of("a"));
  EXPECT_FALSE(here_->flush());
}

}  // namespace
}  // namespace drover::supervisor
