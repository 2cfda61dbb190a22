// How much room there is on the disk of the state directory.
#pragma once

#include <string>

namespace drover::agent::state {

// Whether new work may be taken, which wants files of its own. `had_room` is what it said last:
// once there was none, it takes twice as much to have room again. True if the file system does not
// say.
bool has_room(const std::string& directory, bool had_room);

}  // namespace drover::agent::state
