#include "tests/support/memory_disk.h"

#include <algorithm>

namespace drover::test {

void MemoryDisk::set(const Plan& plan) {
  const std::lock_guard lock(mutex_);
  plan_ = plan;
  operations_ = 0;
  happened_ = false;
  broken_ = false;
}

bool MemoryDisk::happened() const {
  const std::lock_guard lock(mutex_);
  return happened_;
}

std::uint64_t MemoryDisk::operations() const {
  const std::lock_guard lock(mutex_);
  return operations_;
}

void MemoryDisk::set_capacity(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  capacity_ = bytes;
}

void MemoryDisk::lose_power(std::size_t torn) {
  power_on();
  const std::lock_guard lock(mutex_);
  names_ = synced_names_;
  for (auto& [path, file] : names_) {
    // A file that is still open belongs to those who have it open.
    auto survived = std::make_shared<File>();
    const std::size_t lost = file->content.size() - file->synced;
    survived->content = file->content.substr(0, file->synced + std::min(torn, lost));
    survived->synced = survived->content.size();
    file = std::move(survived);
  }
  synced_names_ = names_;
}

std::map<std::string, std::string> MemoryDisk::contents() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::string> all;
  for (const auto& [path, file] : names_) all[path] = file->content;
  return all;
}

void MemoryDisk::put_contents(const std::map<std::string, std::string>& contents) {
  const std::lock_guard lock(mutex_);
  names_.clear();
  for (const auto& [path, content] : contents) {
    names_[path] = std::make_shared<File>(File{content, content.size(), false});
  }
  synced_names_ = names_;
}

bool MemoryDisk::goes_on_locked() {
  if (broken_) return false;
  if (++operations_ != plan_.operation) return true;
  happened_ = true;
  broken_ = plan_.kind != Plan::Kind::fails;
  return plan_.kind == Plan::Kind::power_went;
}

std::uint64_t MemoryDisk::used_locked() const {
  std::uint64_t bytes = 0;
  for (const auto& [path, file] : names_) bytes += file->content.size();
  return bytes;
}

std::string MemoryDisk::parent(const std::string& path) { return path.substr(0, path.rfind('/')); }

MemoryDisk::FilePtr MemoryDisk::find(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = names_.find(path);
  return found == names_.end() ? nullptr : found->second;
}

MemoryDisk::Result MemoryDisk::create(const std::string& path, FilePtr& file) {
  const std::lock_guard lock(mutex_);
  if (!goes_on_locked()) return Result::failed;
  file = std::make_shared<File>();
  names_[path] = file;
  return Result::ok;
}

MemoryDisk::Result MemoryDisk::append(File& file, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  const bool was_broken = broken_;
  if (!goes_on_locked()) {
    if (!was_broken && plan_.kind != Plan::Kind::power_goes) {
      file.content.append(bytes.substr(0, bytes.size() / 2));
    }
    return Result::failed;
  }
  const std::uint64_t used = used_locked();
  const std::uint64_t room = capacity_ > used ? capacity_ - used : 0;
  file.content.append(bytes.substr(0, std::min<std::uint64_t>(room, bytes.size())));
  return bytes.size() > room ? Result::full : Result::ok;
}

MemoryDisk::Result MemoryDisk::truncate(File& file, std::size_t size) {
  const std::lock_guard lock(mutex_);
  if (!goes_on_locked()) return Result::failed;
  file.content.resize(size);
  file.synced = std::min(file.synced, size);
  return Result::ok;
}

MemoryDisk::Result MemoryDisk::sync(File& file) {
  const std::lock_guard lock(mutex_);
  if (!goes_on_locked()) {
    file.sync_failed = true;
    return Result::failed;
  }
  if (!file.sync_failed) file.synced = file.content.size();
  return Result::ok;
}

MemoryDisk::Result MemoryDisk::sync_directory(const std::string& directory) {
  const std::lock_guard lock(mutex_);
  if (!goes_on_locked()) return Result::failed;
  std::erase_if(synced_names_, [&](const auto& entry) { return parent(entry.first) == directory; });
  for (const auto& [path, file] : names_) {
    if (parent(path) == directory) synced_names_[path] = file;
  }
  return Result::ok;
}

MemoryDisk::Result MemoryDisk::rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  const auto found = names_.find(from);
  if (found == names_.end()) return Result::absent;
  if (!goes_on_locked()) return Result::failed;
  names_[to] = found->second;
  names_.erase(from);
  return Result::ok;
}

MemoryDisk::Result MemoryDisk::remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (names_.count(path) == 0) return Result::absent;
  if (!goes_on_locked()) return Result::failed;
  names_.erase(path);
  return Result::ok;
}

void MemoryDisk::make_directory(const std::string& path) {
  const std::lock_guard lock(mutex_);
  directories_[path] = true;
}

bool MemoryDisk::is_directory(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return directories_.count(path) > 0;
}

std::vector<std::string> MemoryDisk::children(const std::string& directory) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [path, file] : names_) {
    if (parent(path) == directory) names.push_back(path.substr(directory.size() + 1));
  }
  return names;
}

std::string MemoryDisk::read(const File& file, std::uint64_t offset, std::size_t size) const {
  const std::lock_guard lock(mutex_);
  if (offset >= file.content.size()) return {};
  return file.content.substr(offset, size);
}

std::size_t MemoryDisk::size(const File& file) const {
  const std::lock_guard lock(mutex_);
  return file.content.size();
}

}  // namespace drover::test
