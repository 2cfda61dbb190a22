#include "common/wire/task_spec.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <string>

namespace drover::wire {
namespace {

namespace pb = google::protobuf;
using Field = pb::FieldDescriptor;

void fill(pb::Message& message);

void fill_single(pb::Message& message, const Field& field) {
  const pb::Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case Field::CPPTYPE_STRING:
      return reflection.SetString(&message, &field, std::string(field.name()));
    case Field::CPPTYPE_BOOL:
      return reflection.SetBool(&message, &field, true);
    case Field::CPPTYPE_INT32:
      return reflection.SetInt32(&message, &field, 1);
    case Field::CPPTYPE_INT64:
      return reflection.SetInt64(&message, &field, 1);
    case Field::CPPTYPE_UINT32:
      return reflection.SetUInt32(&message, &field, 1);
    case Field::CPPTYPE_UINT64:
      return reflection.SetUInt64(&message, &field, 1);
    case Field::CPPTYPE_MESSAGE:
      return fill(*reflection.MutableMessage(&message, &field));
    default:
      ADD_FAILURE() << field.name() << ": a kind of field that this test does not know";
  }
}

// Maps too: to reflection they are repeated messages of a key and a value.
void fill_repeated(pb::Message& message, const Field& field) {
  const pb::Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case Field::CPPTYPE_STRING:
      return reflection.AddString(&message, &field, std::string(field.name()));
    case Field::CPPTYPE_INT32:
      return reflection.AddInt32(&message, &field, 1);
    case Field::CPPTYPE_MESSAGE:
      return fill(*reflection.AddMessage(&message, &field));
    default:
      ADD_FAILURE() << field.name() << ": a kind of field that this test does not know";
  }
}

// Gives every field that there is a value that is not its default.
void fill(pb::Message& message) {
  const pb::Descriptor& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const Field& field = *descriptor.field(i);
    field.is_repeated() ? fill_repeated(message, field) : fill_single(message, field);
  }
}

TEST(TaskSpecWire, NoFieldIsForgottenInEitherDirection) {
#if defined(__SANITIZE_THREAD__)
  // google/protobuf/map_field.h: a map that is compiled so is larger than the distribution's
  // library takes it for, which shows where it is reached by reflection.
  GTEST_SKIP() << "the protobuf library is built without ThreadSanitizer";
#endif
  v1::TaskSpec before;
  fill(before);
  v1::TaskSpec after;
  write(read(before), after);
  pb::util::MessageDifferencer differencer;
  std::string differences;
  differencer.ReportDifferencesToString(&differences);
  EXPECT_TRUE(differencer.Compare(before, after)) << differences;
}

TEST(TaskSpecWire, WhatIsAbsentStaysAbsent) {
  v1::TaskSpec message;
  write(TaskSpec(), message);
  EXPECT_EQ(message.ByteSizeLong(), 0U) << message.DebugString();
  EXPECT_EQ(read(message), TaskSpec());
}

TEST(TaskSpecWire, WhatAnotherVersionWaitsForIsAtLeastAProcess) {
  v1::TaskSpec message;
  (*message.mutable_after())["clean"] = static_cast<std::uint32_t>(Awaited::succeeded);
  (*message.mutable_after())["database"] = 77;
  EXPECT_EQ(read(message).after, (std::map<std::string, Awaited>{{"clean", Awaited::succeeded},
                                                                 {"database", Awaited::started}}));
}

TEST(TaskSpecWire, AReasonOfAnotherVersionIsNone) {
  EXPECT_EQ(read(v1::END_REASON_TIMEOUT), EndReason::timeout);
  EXPECT_EQ(write(EndReason::out_of_memory), v1::END_REASON_OUT_OF_MEMORY);
  EXPECT_EQ(read(v1::END_REASON_GROUP), EndReason::group);
  EXPECT_EQ(read(static_cast<v1::EndReason>(77)), EndReason::itself);
}

}  // namespace
}  // namespace drover::wire
